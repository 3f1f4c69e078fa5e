/**
 * The word that was probably meant: the one that fewest letters tell from what was written, if it is near enough; undefined when none is.
 * A word is near when a third of its letters at most would have to be put right, and three at most.
 */
export function nearest(written: string, words: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  const ranked = words
    .map((word) => ({ word, distance: distance(lower, word.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.min(3, Math.max(1, Math.floor(best.word.length / 3))) ? best.word : undefined;
}

/** Letters to put in, take out, replace or swap (Damerau's distance of adjacent letters). */
function distance(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 3 || left.length > 64) {
    return Number.POSITIVE_INFINITY;
  }
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row += 1) {
    const cells = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      cells.push(
        Math.min(
          (rows[row - 1]?.[column] ?? 0) + 1,
          (cells[column - 1] ?? 0) + 1,
          (rows[row - 1]?.[column - 1] ?? 0) + same,
          swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(cells);
  }
  return rows[left.length]?.[right.length] ?? 0;
}
