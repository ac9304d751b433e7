// All words of the pages, in English and Chinese. A text with a number is a function.
const counted = (lines: number, values: number): string => [lines ? `${lines} diary ${lines === 1 ? 'line' : 'lines'}` : '', values ? `${values} profile ${values === 1 ? 'value' : 'values'}` : ''].filter(Boolean).join(' and ');

export const en = {
  tagline: 'A chat that keeps your diary, and shows its reasons.',
  email: 'E-mail', password: 'Password', nickname: 'What should I call you?', optional: 'optional',
  signIn: 'Sign in', register: 'Create account', toRegister: 'No account yet? Create one', toSignIn: 'I have an account',
  keep: 'Keep me signed in while this tab is open', passwordHint: '15 characters or more; a short sentence is good.',
  chat: 'Chat', days: 'Days', you: 'You', find: 'Search', back: 'Look back', settings: 'Settings', nights: 'Nights', skip: 'Skip to content', pages: 'Pages',
  newChat: 'New conversation', conversations: 'Conversations', untitled: 'Untitled', say: 'Write something', send: 'Send', stop: 'Stop', retry: 'Send again', askAgain: 'Ask again', goOn: 'Continue',
  chatEmpty: 'Tell me about your day. Tonight it becomes your diary.', writing: 'The answer is being written.', earlier: 'Earlier messages', newest: 'Go to the newest', notAnswered: 'This message has no answer.',
  stopped: 'Stopped here.', tooLong: 'The answer reached its limit.', filtered: 'The rest was filtered.', memberYou: 'You', memberIt: 'UniLife', deleteMessage: 'Delete', deleteConversation: 'Delete conversation',
  sources: 'Why this answer', noSources: 'This answer was told nothing about you.', sourceGone: 'deleted since', sourceDay: (date: string) => `Diary of ${date}`, sourceSummary: 'Summary of an earlier conversation', sourceAccount: 'Your account', accountFields: { NICKNAME: 'name', LOCALE: 'language', TIME_ZONE: 'time zone' } as Record<string, string>,
  reword: 'Reword', askDifferently: 'Ask differently', correctWords: 'Correct', correctYes: 'Yes, correct', rewordHint: 'Asking differently keeps the earlier question beside the new one. Correcting changes it in its place, and what diary and profile had from the old words goes.',
  takes: (lines: number, values: number) => (lines + values ? `With it ${lines + values === 1 ? 'goes' : 'go'} ${counted(lines, values)}.` : 'Nothing in diary or profile goes with it.'), corrected: (lines: number, values: number) => (lines + values ? `Corrected. With the old words went ${counted(lines, values)}.` : 'Corrected.'), edited: 'corrected',
  branches: 'Versions', previousVersion: 'Previous version', nextVersion: 'Next version', calls: 'What it did', undo: 'Undo', undone: 'undone',
  otherModel: (model: string) => `From here on: another model (${model}).`, otherPrompt: 'From here on: other instructions.', otherCompanion: 'From here on: your companion has changed.',
  callDone: { SEARCH_DIARY: 'Searched your diary', SEARCH_MESSAGES: 'Searched your messages', SHOW_PROFILE: 'Read your profile', REMEMBER: 'Remembered:', FORGET: 'Forgot:' } as Record<string, string>, callResults: (n: number) => `${n} found`, callFailed: 'A step could not be carried out.',
  callRefused: { REMEMBER: 'Nothing was remembered.', FORGET: 'Nothing was forgotten.', SHOW_PROFILE: 'Your profile was not read.', SEARCH_DIARY: 'Your diary was not searched.', SEARCH_MESSAGES: 'Your messages were not searched.' } as Record<string, string>,
  refusals: { NO_WISH: 'Your own words did not ask for it; what is pasted or quoted does not count.', NOT_IN_WISH: 'It was not part of your wish.', UNSUPPORTED: 'Your words do not say it.', NO_SUCH_SLOT: 'Your profile has no place for it.', NOT_ALLOWED: 'It may not be kept.', MEMORY_OFF: 'Your memory is switched off.', TOPIC_OFF: 'You keep nothing about this.', PLAY: 'This conversation is play.', TEMPORARY: 'This conversation is temporary.', TOO_MANY: 'One answer may not change so much.', AMBIGUOUS: 'More than one entry fits.', NOT_FOUND: 'No entry fits.', MESSAGE_CHANGED: 'The message was changed meanwhile.' } as Record<string, string>,
  undoNone: 'This cannot be undone.', really: 'Delete for good?', yes: 'Yes, delete', no: 'Cancel', receipt: (lines: number, values: number) => (lines + values ? `Deleted. With it went ${counted(lines, values)}.` : 'Deleted.'),
  previousMonth: 'Previous month', nextMonth: 'Next month', mood: (mood: number) => `mood ${mood} of 10`, noMood: 'no mood noted', streak: (days: number) => `${days} ${days === 1 ? 'day' : 'days'} in a row`, longest: (days: number) => `longest ${days}`, entries: (count: number) => `${count} ${count === 1 ? 'diary' : 'diaries'}`,
  onThisDay: 'On this day', quote: 'Your words', toMessage: 'Show in the chat', byHand: 'written by you', noWords: 'No words are kept for this line.', edit: 'Edit', save: 'Save', cancel: 'Cancel', hide: 'Hide', show: 'Show', lineText: 'Text of the line', summary: 'Summary', versions: (n: number) => `version ${n}`,
  fallback: 'From your own sentences; the model could not be reached.', forgetDay: 'Delete this diary', nightPass: 'Let the night pass', nightHint: 'Development only: writes today’s diary now.', nightDone: 'The night has passed.', messagesThatDay: (n: number) => `${n} ${n === 1 ? 'message' : 'messages'}`,
  states: { AHEAD: 'This day is still ahead.', RUNNING: 'This day is not over. Its diary is written after it ends.', WAITING: 'This diary is waiting to be written.', WRITTEN: '', FALLBACK: '', QUIET: 'A quiet day: nothing was said.', FORGOTTEN: 'You deleted this diary.', UNREQUESTED: 'Nobody asked for a diary of this day.', SWITCHED_OFF: 'Your memory was switched off on this day.' } as Record<string, string>,
  kinds: { SUMMARY: 'Summary', HIGHLIGHT: 'Highlights', DECISION: 'Decisions', OPEN_QUESTION: 'Open questions', EMOTION: 'Feelings', PATTERN: 'Patterns', ACTIVITY: 'Activities', TIME_PREFERENCE: 'Time of day', DECISION_STYLE: 'How you decide' } as Record<string, string>,
  sections: { IDENTITY: 'Who you are', RELATIONSHIPS: 'People', PREFERENCES: 'What you like', HABITS: 'Habits', DECISIONS: 'Decisions', OWN: 'Your own' } as Record<string, string>,
  statuses: { ACTIVE: '', SUGGESTED: 'suggested', SUPERSEDED: 'earlier', DISPUTED: 'disputed', REJECTED: 'rejected' } as Record<string, string>,
  polarities: { IS: '', LIKES: 'likes', DISLIKES: 'dislikes', IS_NOT: 'not' } as Record<string, string>,
  profileEmpty: 'Nothing is known about you yet. Chat for a day; after the night it appears here, with its reasons.', confidence: (percent: number) => `confidence ${percent} %`, why: 'Why?', lock: 'Lock', unlock: 'Unlock', locked: 'locked', reject: 'Not true', correct: 'Correct', thisOne: 'This one', newValue: 'The right value', which: 'Which one is right?',
  asOf: 'As of', today: 'Today', asOfNote: (date: string) => `As it was known on ${date}.`, curve: 'Confidence over time', changes: 'How it came to be', noEvidence: 'You set this yourself.',
  causes: { NIGHT: 'night', WEEK: 'weekly review', VALUE_SET: 'you set it', VALUE_LOCKED: 'you locked it', VALUE_UNLOCKED: 'you unlocked it', VALUE_REJECTED: 'you rejected it' } as Record<string, string>,
  searchFor: 'Words to look for', searchEmpty: 'Search in everything you said, in diaries and in your profile.', nothingFound: 'Nothing found.', messages: 'Messages', diaries: 'Diaries', profile: 'Profile', more: 'More',
  week: 'Week', month: 'Month', year: 'Year', earlierPeriod: 'Earlier', laterPeriod: 'Later', recapEmpty: 'No diaries in this time.', activities: 'What you did', feelings: 'How you felt', highlights: 'Highlights', dayCount: (n: number) => `${n} ${n === 1 ? 'day' : 'days'}`, averageMood: (mood: string) => `average mood ${mood}`,
  account: 'Account', zone: 'Time zone', language: 'Language', dayEnds: 'Your day ends at', dayEndsHint: 'With 4, half past two at night still belongs to the day before.', saved: 'Saved.',
  memory: 'Memory', memoryDiary: 'Chats feed the diary', memoryProfile: 'Chats feed the profile', memoryTold: 'Chats are told what is known', paused: 'Pause until', resume: 'End the pause', gap: (n: number, days: number) => `You wrote ${n} messages on ${days} days while this was off. Learn from them?`, learn: 'Learn from them', leave: 'Leave them out',
  data: 'Your data', exportJson: 'Export as JSON', exportMarkdown: 'Export as Markdown', exported: (parts: number) => `Exported in ${parts} ${parts === 1 ? 'part' : 'parts'}.`, importFile: 'Import a JSON export', imported: (messages: number, diaries: number) => `Imported ${messages} messages and ${diaries} diaries.`, allowance: (used: number, of: number | null) => (of ? `${used} of ${of} tokens used today` : `${used} tokens used today`),
  signIns: 'Sign-ins', signOut: 'Sign out', signOutOthers: 'Sign out everywhere else', signedOutOthers: (n: number) => `${n} other ${n === 1 ? 'session was' : 'sessions were'} ended.`, changePassword: 'Change password', current: 'Current password', newPassword: 'New password', passwordChanged: 'Your password was changed.',
  deleteAccount: 'Delete account', deleteAccountHint: 'Deletes all your chats, diaries and your profile for good.', accountDeleted: 'Your account and everything in it was deleted.',
  job: 'Job', due: 'due', running: 'running', failed: 'failed', runs: 'Runs', started: 'Started', status: 'Status', items: 'Items', tokens: 'Tokens', cost: 'Cost', failures: 'Failures', noRuns: 'No run yet.', noFailures: 'No failures.', retryRun: 'Run failed items again', pauses: 'Pauses', onlyAdmins: 'This page is for administrators.',
  loading: 'Loading', notFound: 'There is nothing at this address.', home: 'To the chat',
  errors: {
    NETWORK: 'The server could not be reached. Try again.', INVALID_CREDENTIALS: 'E-mail or password is wrong.', EMAIL_TAKEN: 'There is an account with this e-mail already.', RATE_LIMITED: 'Too many attempts. Wait a little.', REGISTRATION_CLOSED: 'No new accounts are accepted here.', ACCOUNT_DISABLED: 'This account is disabled.', SESSION_EXPIRED: 'Please sign in again.', UNAUTHENTICATED: 'Please sign in again.', FORBIDDEN: 'You may not do this.', NOT_FOUND: 'It is not there any more.', CONFLICT: 'It changed in the meantime. Look again.', BAD_USER_INPUT: 'Something here is not right.', QUOTA_EXCEEDED: 'Today’s allowance is used up. It is renewed tomorrow.', STORAGE_EXCEEDED: 'Your storage is full.', SERVER_BUSY: 'The server is busy. Try again in a moment.', MEMORY_OFF: 'Your memory is switched off. Switch it on in the settings.', INTERNAL_SERVER_ERROR: 'Something went wrong on the server.', MODEL: 'The model could not answer. Your message is kept; send it again later.',
  } as Record<string, string>,
  reasons: { BEING_ANSWERED: 'An answer is being written. Wait for it.', CHANGED_MEANWHILE: 'It was changed somewhere else. Look again.', NEWER_VERSION: 'There is a newer version. Look again.', NOT_EMPTY: 'The account must be empty for this.', TOO_LARGE: 'It is too large.', TOO_MANY: 'There are too many.', NOTHING_TO_DO: 'There is nothing to do.', ALREADY_DONE: 'This was done already.', REGISTRATION_CLOSED: 'No new accounts are accepted here.', DELETED_MEANWHILE: 'It was deleted somewhere else.', MEMORY_OFF: 'Your memory is switched off. Switch it on in the settings.' } as Record<string, string>,
  rules: { REQUIRED: 'is missing', EMPTY: 'is empty', TOO_SHORT: 'is too short', TOO_LONG: 'is too long', OUT_OF_RANGE: 'is out of range', FORMAT: 'is not written correctly', CHARACTER: 'has a character that is not allowed', GUESSABLE: 'is too easy to guess', SAME_AS_BEFORE: 'is the same as before', LOOKS_SECRET: 'looks like a secret', UNKNOWN_VALUE: 'is not known', TOO_MANY: 'has too many', DUPLICATE: 'is there twice', SWITCHED_OFF: 'is switched off', NOT_ALLOWED_HERE: 'is not possible here' } as Record<string, string>,
  fields: { email: 'The e-mail address', password: 'The password', nickname: 'The name', content: 'The text', timeZone: 'The time zone', locale: 'The language', dayEndsAt: 'The hour', value: 'The value', newPassword: 'The new password', text: 'The text', summary: 'The summary', query: 'The search', pausedUntil: 'The date' } as Record<string, string>,
  bounds: (min?: number | null, max?: number | null) => (min != null && max != null ? ` (${min} to ${max})` : min != null ? ` (at least ${min})` : max != null ? ` (at most ${max})` : ''),
  sentence: (field: string, rule: string, bounds: string) => `${field} ${rule}${bounds}.`,
};

export const zh: typeof en = {
  tagline: '聊天成日记，每一句都有依据。',
  email: '邮箱', password: '密码', nickname: '怎么称呼您？', optional: '可不填',
  signIn: '登录', register: '注册', toRegister: '还没有账号？注册一个', toSignIn: '我已有账号',
  keep: '在此标签页中保持登录', passwordHint: '至少 15 个字符，用一个短句就好。',
  chat: '聊天', days: '日记', you: '画像', find: '搜索', back: '回顾', settings: '设置', nights: '夜间任务', skip: '跳到内容', pages: '页面',
  newChat: '新对话', conversations: '对话', untitled: '未命名', say: '写点什么', send: '发送', stop: '停止', retry: '重新发送', askAgain: '重新回答', goOn: '继续',
  chatEmpty: '说说今天吧。今晚它会成为您的日记。', writing: '正在回答。', earlier: '更早的消息', newest: '回到最新', notAnswered: '这条消息没有得到回答。',
  stopped: '在此停止。', tooLong: '回答达到了长度上限。', filtered: '其余内容被过滤。', memberYou: '您', memberIt: 'UniLife', deleteMessage: '删除', deleteConversation: '删除对话',
  sources: '为什么这样回答', noSources: '这条回答没有用到关于您的信息。', sourceGone: '已删除', sourceDay: (date) => `${date} 的日记`, sourceSummary: '先前对话的摘要', sourceAccount: '您的账号', accountFields: { NICKNAME: '称呼', LOCALE: '语言', TIME_ZONE: '时区' },
  reword: '改写', askDifferently: '换个问法', correctWords: '更正', correctYes: '是的，更正', rewordHint: '换个问法会把原来的问题保留在旁边；更正则就地改动，日记和画像中来自旧内容的部分会删去。',
  takes: (lines, values) => (lines + values ? `将同时删去日记 ${lines} 句、画像 ${values} 项。` : '日记和画像不受影响。'), corrected: (lines, values) => (lines + values ? `已更正，同时删去日记 ${lines} 句、画像 ${values} 项。` : '已更正。'), edited: '已更正',
  branches: '版本', previousVersion: '上一版', nextVersion: '下一版', calls: '所做的事', undo: '撤销', undone: '已撤销',
  otherModel: (model) => `从这里起换了模型（${model}）。`, otherPrompt: '从这里起换了指令。', otherCompanion: '从这里起伙伴设置已改变。',
  callDone: { SEARCH_DIARY: '查了您的日记', SEARCH_MESSAGES: '查了您的消息', SHOW_PROFILE: '看了您的画像', REMEMBER: '已记住：', FORGET: '已忘记：' }, callResults: (n) => `找到 ${n} 条`, callFailed: '有一步没能完成。',
  callRefused: { REMEMBER: '没有记住任何内容。', FORGET: '没有忘记任何内容。', SHOW_PROFILE: '没有查看画像。', SEARCH_DIARY: '没有查日记。', SEARCH_MESSAGES: '没有查消息。' },
  refusals: { NO_WISH: '您自己的话没有提出这个要求，粘贴或引用的内容不算。', NOT_IN_WISH: '它不在您的要求之内。', UNSUPPORTED: '您的话里没有说到它。', NO_SUCH_SLOT: '画像里没有它的位置。', NOT_ALLOWED: '它不允许保存。', MEMORY_OFF: '您的记忆已关闭。', TOPIC_OFF: '您设定了不保存此话题。', PLAY: '这是扮演对话。', TEMPORARY: '这是临时对话。', TOO_MANY: '一次回答不能改动这么多。', AMBIGUOUS: '有不止一项符合。', NOT_FOUND: '没有符合的内容。', MESSAGE_CHANGED: '消息已被改动。' },
  undoNone: '此操作无法撤销。', really: '永久删除吗？', yes: '是的，删除', no: '取消', receipt: (lines, values) => (lines + values ? `已删除，同时删去日记 ${lines} 句、画像 ${values} 项。` : '已删除。'),
  previousMonth: '上个月', nextMonth: '下个月', mood: (mood) => `心情 ${mood}（满分 10）`, noMood: '没有记录心情', streak: (days) => `连续 ${days} 天`, longest: (days) => `最长 ${days} 天`, entries: (count) => `${count} 篇日记`,
  onThisDay: '那年今日', quote: '您的原话', toMessage: '在聊天中查看', byHand: '您亲手写的', noWords: '这一句没有留下原话。', edit: '编辑', save: '保存', cancel: '取消', hide: '隐藏', show: '显示', lineText: '这一句的文字', summary: '摘要', versions: (n) => `第 ${n} 版`,
  fallback: '摘自您自己的话；当时无法连接模型。', forgetDay: '删除这篇日记', nightPass: '让这一夜过去', nightHint: '仅供开发：立刻写出今天的日记。', nightDone: '一夜过去了。', messagesThatDay: (n) => `${n} 条消息`,
  states: { AHEAD: '这一天还没到。', RUNNING: '这一天还没结束，结束之后写日记。', WAITING: '这篇日记正等着写。', WRITTEN: '', FALLBACK: '', QUIET: '安静的一天，什么也没说。', FORGOTTEN: '您删除了这篇日记。', UNREQUESTED: '这一天没有请求写日记。', SWITCHED_OFF: '这一天您关闭了记忆。' },
  kinds: { SUMMARY: '摘要', HIGHLIGHT: '亮点', DECISION: '决定', OPEN_QUESTION: '未决的问题', EMOTION: '感受', PATTERN: '规律', ACTIVITY: '活动', TIME_PREFERENCE: '时段', DECISION_STYLE: '决策方式' },
  sections: { IDENTITY: '您是谁', RELATIONSHIPS: '人际', PREFERENCES: '喜好', HABITS: '习惯', DECISIONS: '决策', OWN: '自定义' },
  statuses: { ACTIVE: '', SUGGESTED: '待确认', SUPERSEDED: '从前', DISPUTED: '有矛盾', REJECTED: '已否定' },
  polarities: { IS: '', LIKES: '喜欢', DISLIKES: '不喜欢', IS_NOT: '不是' },
  profileEmpty: '对您还一无所知。聊上一天，过一夜就会出现在这里，并附上依据。', confidence: (percent) => `可信度 ${percent}%`, why: '为什么？', lock: '锁定', unlock: '解锁', locked: '已锁定', reject: '不对', correct: '更正', thisOne: '这个对', newValue: '正确的内容', which: '哪一个对？',
  asOf: '截至', today: '今天', asOfNote: (date) => `${date} 时所知道的。`, curve: '可信度随时间的变化', changes: '由来', noEvidence: '这是您自己设定的。',
  causes: { NIGHT: '夜间', WEEK: '每周回顾', VALUE_SET: '您设定的', VALUE_LOCKED: '您锁定的', VALUE_UNLOCKED: '您解锁的', VALUE_REJECTED: '您否定的' },
  searchFor: '要找的词', searchEmpty: '在您说过的话、日记和画像里搜索。', nothingFound: '没有找到。', messages: '消息', diaries: '日记', profile: '画像', more: '更多',
  week: '周', month: '月', year: '年', earlierPeriod: '更早', laterPeriod: '更晚', recapEmpty: '这段时间没有日记。', activities: '做了什么', feelings: '感受如何', highlights: '亮点', dayCount: (n) => `${n} 天`, averageMood: (mood) => `平均心情 ${mood}`,
  account: '账号', zone: '时区', language: '语言', dayEnds: '一天结束于几点', dayEndsHint: '设为 4 时，凌晨两点半仍算前一天。', saved: '已保存。',
  memory: '记忆', memoryDiary: '聊天写入日记', memoryProfile: '聊天写入画像', memoryTold: '聊天时告知已知的事', paused: '暂停至', resume: '结束暂停', gap: (n, days) => `关闭期间您在 ${days} 天里写了 ${n} 条消息。要从中学习吗？`, learn: '从中学习', leave: '不学习',
  data: '您的数据', exportJson: '导出为 JSON', exportMarkdown: '导出为 Markdown', exported: (parts) => `已分 ${parts} 部分导出。`, importFile: '导入 JSON 导出文件', imported: (messages, diaries) => `已导入 ${messages} 条消息、${diaries} 篇日记。`, allowance: (used, of) => (of ? `今天已用 ${used} / ${of} 个 token` : `今天已用 ${used} 个 token`),
  signIns: '登录状态', signOut: '退出登录', signOutOthers: '退出其他所有登录', signedOutOthers: (n) => `已结束 ${n} 个其他登录。`, changePassword: '修改密码', current: '当前密码', newPassword: '新密码', passwordChanged: '密码已修改。',
  deleteAccount: '删除账号', deleteAccountHint: '永久删除您的全部聊天、日记和画像。', accountDeleted: '您的账号及其全部内容已删除。',
  job: '任务', due: '待办', running: '进行中', failed: '失败', runs: '运行', started: '开始', status: '状态', items: '条目', tokens: 'Token', cost: '费用', failures: '失败', noRuns: '还没有运行。', noFailures: '没有失败。', retryRun: '重试失败的条目', pauses: '暂停', onlyAdmins: '此页面仅供管理员使用。',
  loading: '加载中', notFound: '此地址下没有内容。', home: '回到聊天',
  errors: {
    NETWORK: '无法连接服务器，请重试。', INVALID_CREDENTIALS: '邮箱或密码不对。', EMAIL_TAKEN: '这个邮箱已经注册过。', RATE_LIMITED: '尝试次数过多，请稍候。', REGISTRATION_CLOSED: '这里不接受新账号。', ACCOUNT_DISABLED: '此账号已停用。', SESSION_EXPIRED: '请重新登录。', UNAUTHENTICATED: '请重新登录。', FORBIDDEN: '您无权这样做。', NOT_FOUND: '它已经不在了。', CONFLICT: '它已被改动，请再看一次。', BAD_USER_INPUT: '这里有内容不对。', QUOTA_EXCEEDED: '今天的额度已用完，明天恢复。', STORAGE_EXCEEDED: '您的存储空间已满。', SERVER_BUSY: '服务器繁忙，请稍后再试。', MEMORY_OFF: '记忆已关闭，请在设置中打开。', INTERNAL_SERVER_ERROR: '服务器出了问题。', MODEL: '模型没能回答。您的消息已保存，请稍后重新发送。',
  },
  reasons: { BEING_ANSWERED: '正在回答，请等一等。', CHANGED_MEANWHILE: '它在别处被改动，请再看一次。', NEWER_VERSION: '已有更新的版本，请再看一次。', NOT_EMPTY: '账号必须是空的。', TOO_LARGE: '太大了。', TOO_MANY: '太多了。', NOTHING_TO_DO: '没有需要做的事。', ALREADY_DONE: '已经做过了。', REGISTRATION_CLOSED: '这里不接受新账号。', DELETED_MEANWHILE: '它已在别处被删除。', MEMORY_OFF: '记忆已关闭，请在设置中打开。' },
  rules: { REQUIRED: '没有填写', EMPTY: '是空的', TOO_SHORT: '太短', TOO_LONG: '太长', OUT_OF_RANGE: '超出范围', FORMAT: '格式不对', CHARACTER: '含有不允许的字符', GUESSABLE: '太容易猜到', SAME_AS_BEFORE: '与之前相同', LOOKS_SECRET: '像是机密', UNKNOWN_VALUE: '无法识别', TOO_MANY: '太多', DUPLICATE: '重复', SWITCHED_OFF: '已关闭', NOT_ALLOWED_HERE: '在这里不可用' },
  fields: { email: '邮箱', password: '密码', nickname: '称呼', content: '文字', timeZone: '时区', locale: '语言', dayEndsAt: '时刻', value: '内容', newPassword: '新密码', text: '文字', summary: '摘要', query: '搜索词', pausedUntil: '日期' },
  bounds: (min, max) => (min != null && max != null ? `（${min} 到 ${max}）` : min != null ? `（至少 ${min}）` : max != null ? `（最多 ${max}）` : ''),
  sentence: (field, rule, bounds) => `${field}${rule}${bounds}。`,
};

let current = en;
let tag = 'en';

/** Use the texts of this language tag: Chinese for `zh-…`, English for any other. */
export function setLanguage(wanted: string): void {
  tag = wanted;
  current = wanted.toLowerCase().startsWith('zh') ? zh : en;
  document.documentElement.lang = current === zh ? 'zh-CN' : 'en';
}

export const texts = (): typeof en => current;
export const language = (): string => (current === zh ? (tag.toLowerCase().startsWith('zh') ? tag : 'zh-CN') : tag.toLowerCase().startsWith('en') ? tag : 'en');

/** A calendar date, which has no time zone, such as 2026-01-31. */
export const day = (date: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'full' }): string =>
  new Intl.DateTimeFormat(language(), { ...options, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));

export const hour = (at: string, zone?: string): string => new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(at));
export const moment = (at: string, zone?: string): string => new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(new Date(at));
export const number = (value: number, digits = 0): string => new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);
