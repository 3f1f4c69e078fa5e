const unitHours: Readonly<Record<string, number>> = {
  ns: 1 / 3.6e12,
  us: 1 / 3.6e9,
  µs: 1 / 3.6e9,
  ms: 1 / 3.6e6,
  s: 1 / 3600,
  m: 1 / 60,
  h: 1,
};

/** Hours of a Go duration (`8h`, `1h30m`, `4320h`), as Helm charts and the azuread provider write them; `undefined` for anything else. */
export function goDurationHours(duration: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration)) {
    return undefined;
  }
  let hours = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    hours += Number(amount) * (unitHours[unit ?? ""] ?? 0);
  }
  return hours;
}
