// How the assistant is to be: a part of the settings.
import { run, settle, viewer } from '../api';
import { DeleteCompanionVersionsDocument, RevertCompanionDocument, UpdateCompanionDocument, type CompanionTone, type CompanionUpdateInput, type MannerFragment, type SettingsQuery } from '../generated/graphql';
import { DeleteButton, Notice, useAction } from '../parts';
import { moment, texts } from '../texts';

const TONES: CompanionTone[] = ['WARM', 'CALM', 'LIVELY', 'MATTER_OF_FACT'];

export function Companion({ data, reload }: { data: SettingsQuery; reload: () => Promise<void> }) {
  const t = texts();
  const { act, busy, error, done } = useAction();
  const now = data.viewer?.companion;
  const update = (input: CompanionUpdateInput) => void act(async () => {
    settle((await run(UpdateCompanionDocument, { input })).companionUpdate);
    await reload();
    return t.companionSaved;
  });
  const back = (version: number) => void act(async () => {
    settle((await run(RevertCompanionDocument, { input: { version } })).companionRevert);
    await reload();
    return t.companionSaved;
  });
  const deleteEarlier = () => void act(async () => {
    settle((await run(DeleteCompanionVersionsDocument)).companionVersionsDelete);
    await reload();
    return t.versionsDeleted;
  });
  const earlier = data.companionVersions?.slice(1) ?? [];
  return (
    <section id="companion">
      <h2>{t.companion}</h2>
      <p class="aside">{t.companionHint}</p>
      <ul class="presets">
        {data.companionPresets?.map((one) => (
          <li><button type="button" aria-pressed={now?.preset === one.preset} disabled={busy} onClick={() => update({ preset: one.preset })}>{one.label}</button> <span class="aside">{one.description}</span></li>
        ))}
      </ul>
      <form key={now?.version ?? 0} onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const of = (name: string) => String(form.get(name) ?? '').trim() || null;
        const input = { name: of('companion'), tone: of('tone') as CompanionTone | null, formOfAddress: of('address'), language: of('answers'), instructions: of('instructions') };
        const isPreset = now && input.tone === (now.tone ?? null) && input.instructions === (now.instructions ?? null);
        update(isPreset ? input : { ...input, preset: null });
      }}>
        <div class="pair">
          <label>{t.companionName}<input name="companion" maxLength={40} defaultValue={now?.name ?? ''} placeholder="UniLife" /></label>
          <label>{t.formOfAddress}<input name="address" maxLength={40} defaultValue={now?.formOfAddress ?? ''} placeholder={data.viewer?.nickname} /></label>
          <label>{t.tone}<select name="tone"><option value="">{t.toneOpen}</option>{TONES.map((tone) => <option value={tone} selected={tone === now?.tone}>{t.tones[tone]}</option>)}</select></label>
          <label>{t.answersIn}<select name="answers"><option value="">{t.answersOpen}</option>
            {[...new Set([now?.language, 'en', 'zh-CN'])].map((tag) => tag && <option value={tag} selected={tag === now?.language}>{new Intl.DisplayNames([tag], { type: 'language' }).of(tag)}</option>)}</select></label>
        </div>
        <label>{t.instructions}<textarea name="instructions" rows={4} maxLength={2000} defaultValue={now?.instructions ?? ''} /></label>
        <button class="main" disabled={busy}>{t.save}</button>
      </form>
      <Notice error={error} done={done} />
      {earlier.length > 0 && (
        <details>
          <summary>{t.earlierVersions(earlier.length)}</summary>
          <ul class="list">{earlier.map((one) => (
            <li class="bar"><span>{summarize(one)} <span class="aside">{moment(one.updatedAt, viewer()?.timeZone)}</span></span>
              <button type="button" class="plain" disabled={busy} aria-label={`${t.goBack}: ${t.versions(one.version)}`} onClick={() => back(one.version)}>{t.goBack}</button></li>
          ))}</ul>
          <DeleteButton label={t.deleteVersions} busy={busy} preview={async () => t.deleteVersionsHint} act={deleteEarlier} />
        </details>
      )}
    </section>
  );
}

const shorten = (text: string) => (text.length > 60 ? `“${Array.from(text).slice(0, 60).join('')}…”` : `“${text}”`);

function summarize(one: MannerFragment): string {
  const t = texts();
  const said = [one.name, one.tone && t.tones[one.tone], one.formOfAddress, one.language, one.instructions && shorten(one.instructions)].filter(Boolean).join(' · ');
  return `${t.versions(one.version)}: ${said || t.companionPlain}`;
}
