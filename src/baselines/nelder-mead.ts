export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly hasConverged: boolean;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/**
 * Minimises a function of a few variables without derivatives (Nelder and Mead 1965; coefficients of Gao and Han 2012 for
 * more than two). Deterministic. Values that are no number count as infinitely bad.
 */
export function minimize(
  evaluate: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-9, mostEvaluations = 4000 } = {},
): Minimum {
  const size = start.length;
  const [expand, contract, shrink] = [1 + 2 / size, 0.75 - 1 / (2 * size), 1 - 1 / size];
  let evaluations = 0;
  const vertexAt = (point: readonly number[]): Vertex => {
    evaluations++;
    const value = evaluate(point);
    return { point, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const corner = (axis: number) => start.map((x, i) => (i === axis ? x + step : x));
  const simplex = [vertexAt(start), ...start.map((_, axis) => vertexAt(corner(axis)))];
  const byValue = (a: Vertex, b: Vertex) => a.value - b.value;
  const isSettled = () =>
    simplex[size].value - simplex[0].value <= tolerance * (1 + Math.abs(simplex[0].value)) &&
    simplex.every(({ point }) =>
      point.every((x, i) => Math.abs(x - simplex[0].point[i]) <= Math.sqrt(tolerance)),
    );

  simplex.sort(byValue);
  while (evaluations < mostEvaluations && !isSettled()) {
    const worst = simplex[size];
    const centre = start.map(
      (_, i) => simplex.slice(0, size).reduce((sum, { point }) => sum + point[i], 0) / size,
    );
    const along = (factor: number) => vertexAt(centre.map((x, i) => x + factor * (x - worst.point[i])));
    const reflected = along(1);
    let better: Vertex | undefined;
    if (reflected.value < simplex[0].value) {
      const expanded = along(expand);
      better = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[size - 1].value) {
      better = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? contract : -contract);
      if (contracted.value < Math.min(reflected.value, worst.value)) better = contracted;
    }
    if (better) {
      simplex[size] = better;
    } else {
      const best = simplex[0].point;
      for (let i = 1; i <= size; i++) {
        simplex[i] = vertexAt(simplex[i].point.map((x, axis) => best[axis] + shrink * (x - best[axis])));
      }
    }
    simplex.sort(byValue);
  }
  return { ...simplex[0], hasConverged: isSettled() };
}
