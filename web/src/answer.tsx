// An answer with its Markdown, as elements of the page. Nothing of its text is ever read as HTML.
import { useMemo } from 'preact/hooks';
import { parse, type Part } from './markdown';

const show = (part: Part) => {
  if (typeof part === 'string') return part;
  const children = part.children.map(show);
  switch (part.tag) {
    case 'a': return <a href={part.href} title={part.href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>;
    case 'br': return <br />;
    case 'hr': return <hr />;
    case 'ol': return <ol start={part.start}>{children}</ol>;
    case 'pre': return <pre tabIndex={0}>{children}</pre>;
    case 'table': return <div class="wide" tabIndex={0}><table class="plain"><thead>{children.slice(0, 1)}</thead><tbody>{children.slice(1)}</tbody></table></div>;
    case 'th': return <th scope="col">{children}</th>;
    default: {
      const Tag = part.tag;
      return <Tag>{children}</Tag>;
    }
  }
};

export function Markdown({ text }: { text: string }) {
  const parts = useMemo(() => parse(text), [text]);
  return <div class="words answer">{parts.map(show)}</div>;
}
