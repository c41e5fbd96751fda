/** The colours of the page, as charts can take them. */
export type Colors = Readonly<
  Record<'text' | 'muted' | 'border' | 'surface' | 'first' | 'second' | 'third', string>
>;

/**
 * Resolves colours by the browser: a host may give a colour as an expression (`light-dark(…)`), which only works in a
 * style.
 */
export function colors(): Colors {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const color = (name: string) => {
    probe.style.color = `var(--${name})`;
    return style.color;
  };
  const found = {
    text: color('text'),
    muted: color('muted'),
    border: color('border'),
    surface: color('surface'),
    first: color('first'),
    second: color('second'),
    third: color('third'),
  };
  probe.remove();
  return found;
}
