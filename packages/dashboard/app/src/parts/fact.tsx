/** A figure with its name, for a list of facts. */
export function Fact({ name, value, more }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {more !== undefined && <small class="under">{more}</small>}
      </dd>
    </div>
  );
}
