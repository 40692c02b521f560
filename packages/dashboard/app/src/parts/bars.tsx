/** A chart of stacked bars, one for each step of time, with the same numbers as a table beside it. */
import { texts } from "../text/text.ts";

export interface Series {
  readonly name: string;
  readonly tone: "one" | "two" | "three";
  readonly values: readonly number[];
}

const [width, height] = [720, 160];

/** `text`: how a number is shown. */
export function Bars({
  title,
  points,
  series,
  text,
  empty,
}: {
  title: string;
  points: readonly string[];
  series: readonly Series[];
  text: (value: number) => string;
  empty: string;
}) {
  const t = texts.value.analytics;
  const totals = points.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const most = Math.max(0, ...totals);
  if (most === 0)
    return (
      <figure class="chart">
        <figcaption>{title}</figcaption>
        <p class="soft">{empty}</p>
      </figure>
    );
  return (
    <figure class="chart">
      <figcaption>
        {title}
        <span class="row">
          {series.length > 1 &&
            series.map(({ name, tone }) => (
              <small key={name}>
                <span class={`swatch ${tone}`} /> {name}
              </small>
            ))}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.chartOf(title, text(most))}
      >
        {points.map((step, at) => (
          <Bar key={step} step={step} at={at} of={points.length} series={series} most={most} text={text} />
        ))}
      </svg>
      <div class="axis">
        <small>{points[0]}</small>
        <small>{t.most(text(most))}</small>
        <small>{points.at(-1)}</small>
      </div>
      <details>
        <summary>{t.asTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.step}</th>
              {series.map(({ name }) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((step, at) =>
              totals[at] === 0 ? null : (
                <tr key={step}>
                  <th scope="row">{step}</th>
                  {series.map(({ name, values }) => (
                    <td key={name}>{text(values[at] ?? 0)}</td>
                  ))}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

interface BarGiven {
  readonly step: string;
  readonly at: number;
  readonly of: number;
  readonly series: readonly Series[];
  readonly most: number;
  readonly text: (value: number) => string;
}

function Bar({ step, at, of, series, most, text }: BarGiven) {
  const slot = width / of;
  const gap = Math.min(4, slot * 0.2);
  let top = height;
  return (
    <g>
      <title>{`${step}: ${series.map(({ name, values }) => `${name} ${text(values[at] ?? 0)}`).join(", ")}`}</title>
      {series.map(({ name, tone, values }) => {
        const tall = ((values[at] ?? 0) / most) * height;
        top -= tall;
        return <rect key={name} class={tone} x={at * slot + gap / 2} y={top} width={slot - gap} height={tall} />;
      })}
    </g>
  );
}
