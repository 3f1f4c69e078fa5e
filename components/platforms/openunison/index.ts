/** OpenUnison: its component (openunison), the charts' values and Secret (values), what the API server is told (trust), and how a stack becomes all (install). */
export { installOpenUnison } from "./install";
export {
  OpenUnison,
  type OpenUnisonArgs,
  type OpenUnisonChartArgs,
  type OpenUnisonChartsArgs,
  type OpenUnisonClaimsArgs,
  type OpenUnisonDirectArgs,
  type OpenUnisonHostsArgs,
} from "./openunison";
