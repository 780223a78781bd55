/** A bar of progress in one or more colours. */

interface MeterPart {
  readonly fill: 'ok' | 'accent' | 'bad' | 'warn';
  readonly value: number;
}

interface MeterProps {
  readonly label: string;
  readonly parts: readonly MeterPart[];
  readonly whole: number;
  /** What is read out instead of the bare percentage. */
  readonly text?: string;
  readonly tall?: boolean;
}

/** Widths are attributes of the drawing: the content security policy forbids inline styles. */
export const Meter = ({ label, parts, whole, text, tall = false }: MeterProps) => {
  const width = (value: number): number => (whole > 0 ? Math.min(100, (value / whole) * 100) : 0);
  const done = parts.reduce((sum, { value }) => sum + width(value), 0);
  let at = 0;
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(done)} aria-valuetext={text}>
      <svg class={['meter', tall ? 'tall' : '']} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        {parts.map(({ fill, value }) => {
          const x = at;
          at += width(value);
          return <rect key={fill} class={`fill-${fill}`} x={x.toFixed(3)} y="0" width={width(value).toFixed(3)} height="1" />;
        })}
      </svg>
    </div>
  );
};
