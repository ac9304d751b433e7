// The pages of a list after its first one.
import { useState } from 'preact/hooks';
import { useAction } from './parts';
import { texts } from './texts';

type Page<Node> = { nodes: readonly Node[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } };

/** Return the objects of the first page and of those that were asked for since, each once, with the button that asks for the next one. `drop` leaves out one that is gone, `reset` all pages but the first. */
export function useMore<Node>(first: Page<Node> | null | undefined, keyOf: (node: Node) => string, load: (after: string | null) => Promise<Page<Node> | null | undefined>) {
  const [later, setLater] = useState<Page<Node>[]>([]);
  const [gone, setGone] = useState<string[]>([]);
  const { act, busy, error } = useAction();
  const pages = first ? [first, ...later] : [];
  const last = pages.at(-1)?.pageInfo;
  const found = new Map(pages.flatMap((page) => page.nodes).map((node) => [keyOf(node), node] as const));
  for (const key of gone) found.delete(key);
  const button = last?.hasNextPage ? (
    <p class="row"><button type="button" disabled={busy} onClick={() => void act(async () => {
      const next = await load(last.endCursor ?? null);
      if (next) setLater([...later, next]);
    })}>{texts().more}</button>{error && <span class="error" role="alert">{error}</span>}</p>
  ) : null;
  return { nodes: [...found.values()], button, drop: (key: string) => setGone([...gone, key]), reset: () => setLater([]) };
}
