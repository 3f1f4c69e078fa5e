/** Kasten K10: its settings and facts (kasten), what each chart version understands (chart), what may stand in its values (values). */
export { kastenChartContract, type KastenChartContract } from "./chart";
export { kasten, type KastenInput, type KastenSpec } from "./kasten";
export { kastenPathPrefix } from "./values";
