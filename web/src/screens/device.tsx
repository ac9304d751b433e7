// The switch of the copy on this device.
import { useEffect, useState } from 'preact/hooks';
import { offlineAsOf, viewer } from '../api';
import { copyOwner, keepCopy, removeCopy } from '../device';
import { Notice, useAction } from '../parts';
import { texts } from '../texts';

export function Device() {
  const t = texts();
  const [isKept, setKept] = useState(copyOwner() === viewer()?.id);
  const { act, busy, error, done } = useAction();
  useEffect(() => {
    const follow = () => setKept(copyOwner() === viewer()?.id); // another tab switched it
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, []);
  return (
    <section id="device">
      <h2>{t.device}</h2>
      <label class="check"><input type="checkbox" name="copy" checked={isKept} disabled={busy} aria-describedby="copy-hint" onChange={(event) => {
        const wanted = event.currentTarget.checked;
        setKept(wanted);
        void act(async () => { await (wanted ? keepCopy() : removeCopy()); if (offlineAsOf()) location.reload(); return wanted ? t.copyKept : t.copyRemoved; });
      }} /><span>{t.keepCopy}<span class="aside" id="copy-hint">{t.keepCopyHint}</span></span></label>
      <Notice error={error} done={done} />
    </section>
  );
}
