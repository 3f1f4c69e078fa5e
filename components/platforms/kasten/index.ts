/** Kasten K10: its component (kasten), the chart's values and Secret (values), and how a stack's description becomes both (install). */
export { installKasten } from "./install";
export { Kasten, type KastenArgs, type KastenChartArgs } from "./kasten";
