/**
 * The powers of ten between two numbers that get a label: every one where they fit, else every second, fifth, tenth …
 * @param most how many labels there is room for
 */
export function decades(bottom: number, top: number, most: number): number[] {
  const first = Math.ceil(Math.log10(bottom));
  const last = Math.floor(Math.log10(top));
  const steps = [1, 2, 5, 10, 20, 50, 100, 200];
  const step = steps.find((every) => (last - first) / every < Math.max(1, most)) ?? 500;
  const labels: number[] = []; // `|| 0`: rounding up from below 0 gives −0
  for (let decade = Math.ceil(first / step) * step; decade <= last; decade += step) labels.push(decade || 0);
  return labels;
}
