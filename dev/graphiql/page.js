// Whoever registers or signs in here stays signed in: the token goes with every request that has none of its own.
const ask = globalThis.fetch;
globalThis.fetch = async (address, options = {}) => {
  const headers = new Headers(options.headers), token = sessionStorage.getItem('accessToken');
  if (token && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  const response = await ask(address, { ...options, headers });
  if (response.headers.get('content-type')?.includes('json')) {
    const { data } = await response.clone().json();
    const given = Object.values(data ?? {}).find((value) => value?.accessToken);
    if (given) sessionStorage.setItem('accessToken', given.accessToken);
  }
  return response;
};

// The examples live where and when the reader does.
const here = (text) => text
  .replace('"Asia/Shanghai"', JSON.stringify(Intl.DateTimeFormat().resolvedOptions().timeZone))
  .replace('locale: "en"', `locale: "${navigator.language.startsWith('zh') ? 'zh-CN' : 'en'}"`)
  .replace('"2026-01-31"', JSON.stringify(new Date().toLocaleDateString('sv')));

const open = async () => {
  // Left as it was, it would come back with an empty tab in front.
  if (!localStorage.getItem('graphiql:query')) localStorage.removeItem('graphiql:tabState');
  const welcome = here(await (await ask('/graphiql/welcome.graphql')).text());
  YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), {
    title: 'UniLife', logo: '', endpoint: '/graphql', method: 'POST', defaultHeaders: '{}',
    defaultTabs: welcome.split(/\n(?=# \d\. )(?!# 1\. )/).map((query) => ({ query: query.trim(), headers: '{}' })),
    // By default it writes the query into the address, and a reload would then ask for its JSON.
    onEditQuery: () => {},
  });
};
open();
