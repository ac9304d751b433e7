// Small bar charts as SVG, with their numbers as a table for readers who cannot see them.
import { day, texts } from './texts';

export type Series = { label: string; values: number[] };

const WIDTH = 640, HEIGHT = 80;

/** A bar for each day; the series stand on each other. `format` writes a number with its unit. */
export function Bars({ title, days, series, format }: { title: string; days: string[]; series: Series[]; format: (value: number) => string }) {
  const t = texts();
  const totals = days.map((_, index) => series.reduce((sum, one) => sum + one.values[index]!, 0));
  const most = Math.max(...totals, 0);
  const sum = totals.reduce((all, one) => all + one, 0);
  const step = WIDTH / days.length;
  const height = (value: number) => (most ? (value / most) * HEIGHT : 0);
  return (
    <figure class="plot">
      <figcaption>{title} · <strong>{format(sum)}</strong></figcaption>
      {most > 0 && <>
        <p class="aside scale">{format(most)}</p>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${t.plotted(format(sum), format(most), day(days[totals.indexOf(most)]!, { dateStyle: 'medium' }))}`}>
          {days.map((date, index) => {
            let base = HEIGHT;
            return <g><title>{`${day(date, { dateStyle: 'medium' })}: ${series.map((one) => `${one.label} ${format(one.values[index]!)}`).join(', ')}`}</title>
              {series.map((one, number) => { const tall = height(one.values[index]!); base -= tall; return <rect class={`s${number}`} x={(index * step + 2).toFixed(1)} y={base.toFixed(1)} width={(step - 4).toFixed(1)} height={tall.toFixed(1)} />; })}</g>;
          })}
        </svg>
        <p class="aside scale"><span>{day(days[0]!, { dateStyle: 'medium' })}</span><span>{day(days.at(-1)!, { dateStyle: 'medium' })}</span></p>
      </>}
      {most > 0 && series.length > 1 && <p class="aside legend">{series.map((one, number) => <span><span class={`swatch s${number}`} aria-hidden="true" /> {one.label}</span>)}</p>}
      {most > 0 && <details><summary>{t.asTable}</summary><div class="wide" tabIndex={0}><table class="plain">
        <thead><tr><th scope="col">{t.dayColumn}</th>{series.map((one) => <th scope="col">{one.label}</th>)}</tr></thead>
        <tbody>{days.map((date, index) => totals[index]! > 0 && <tr><th scope="row">{day(date, { dateStyle: 'medium' })}</th>{series.map((one) => <td>{format(one.values[index]!)}</td>)}</tr>)}</tbody>
      </table></div></details>}
    </figure>
  );
}
