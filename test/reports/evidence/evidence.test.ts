import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import Ajv from "ajv";
import { evidenceJsonSchema, documentJsonSchema, type Evidence } from "../../../model";
import { evidenceFiles, oscalResults, pageEvidence } from "../../../reports";
import { fixture, gatehouse } from "../../cli/harness";
import { clusterOf, goodWorld, liveState } from "../../cli/evidence/world";
import { sampleDocument } from "../../fixtures/sample";

const nist = JSON.parse(gunzipSync(readFileSync(fixture("oscal/assessment-results-1.2.3.json.gz"))).toString("utf8")) as object;
const ajv = new Ajv({ strict: false, formats: { "date-time": true, uri: true, "uri-reference": true, email: true } });
const validOscal = ajv.compile(nist);

const evidenceOf = async (world = goodWorld()): Promise<Evidence> => {
  const { written } = await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], world);
  return JSON.parse(written?.["out/evidence.json"] ?? "null") as Evidence;
};

let good: Evidence;
let bad: Evidence;
beforeAll(async () => {
  good = await evidenceOf();
  const roles = liveState(sampleDocument()).roles.filter(({ name }) => name !== "k10-basic");
  bad = await evidenceOf(goodWorld({ cluster: clusterOf({ ...liveState(sampleDocument()), roles }), env: {} }));
});

test("OSCAL assessment results hold NIST's schema, whatever was found, and a result without its controls does not", () => {
  for (const evidence of [good, bad]) {
    expect(validOscal(JSON.parse(oscalResults(evidence))) ? [] : validOscal.errors).toEqual([]);
  }
  const broken = JSON.parse(oscalResults(good)) as { "assessment-results": { results: Record<string, unknown>[] } };
  delete broken["assessment-results"].results[0]?.["reviewed-controls"];
  expect(validOscal(broken)).toBe(false);
});

test("OSCAL says what was not satisfied, with the findings as risks", () => {
  const stateOf = (evidence: Evidence): Record<string, string> => {
    const { results } = (
      JSON.parse(oscalResults(evidence)) as {
        "assessment-results": { results: { findings: { target: { "target-id": string; status: { state: string } } }[] }[] };
      }
    )["assessment-results"];
    return Object.fromEntries((results[0]?.findings ?? []).map(({ target }) => [target["target-id"], target.status.state]));
  };
  expect(stateOf(good)).toEqual({
    "gatehouse-population": "satisfied",
    "gatehouse-completeness": "satisfied",
    "gatehouse-tested": "satisfied",
    "gatehouse-declared": "satisfied",
  });
  expect(stateOf(bad)).toEqual({
    "gatehouse-population": "not-satisfied",
    "gatehouse-completeness": "not-satisfied",
    "gatehouse-tested": "not-satisfied",
    "gatehouse-declared": "not-satisfied",
  });
  expect(oscalResults(bad)).toContain('"title": "test: k10/backup-operators/basic/billing,shop"');
});

test("evidence holds its own JSON schema, and a key more does not", () => {
  const own = new Ajv({ strict: false, formats: { "date-time": true } });
  own.addSchema(documentJsonSchema(), "environment-document.schema.json");
  const valid = own.compile(evidenceJsonSchema());
  expect(valid(good) ? [] : valid.errors).toEqual([]);
  expect(valid({ ...good, more: 1 })).toBe(false);
});

test("a name that a spreadsheet would run is a text in every table", () => {
  const [first] = good.grants;
  const hostile = { ...good, grants: first === undefined ? [] : [{ ...first, people: ["=HYPERLINK(1)"], group: "@SUM(1)" }] };
  const files = evidenceFiles(hostile);
  expect(files["grants.csv"]).toContain(",'@SUM(1),");
  expect(files["grants.csv"]).toContain(",'=HYPERLINK(1),");
  // A spreadsheet that parts at semicolons would find a cell of its own.
  const findings = [{ kind: "members", what: "group", detail: "x;=HYPERLINK(1); @SUM(1);fine; -1", fix: "none" }];
  expect(evidenceFiles({ ...good, findings })["findings.csv"]).toContain(",x;'=HYPERLINK(1); '@SUM(1);fine; '-1,");
});

test("a part of thousands of rows is laid out when it comes into sight, a small one at once", () => {
  const [first] = good.document.access;
  const many = Array.from({ length: 2_000 }, (_, number) => ({ ...good.document.access[0], role: `role-${number}` }));
  const document = { ...good.document, access: first === undefined ? [] : many } as Evidence["document"];
  expect(evidenceFiles({ ...good, document })["report.html"]).toContain('<section id="access" class="large"');
  expect(evidenceFiles(good)["report.html"]).not.toContain('class="large"');
});

test("the same evidence gives the same files, and the page says what was found out", () => {
  expect(evidenceFiles(good)).toEqual(evidenceFiles(structuredClone(good)));
  const page = evidenceFiles(bad)["report.html"] ?? "";
  expect(page).toContain("Incomplete: 1 thing could not be read");
  expect(pageEvidence(good)).toMatchObject({
    good: true,
    members: { auditors: ["ada@example.com", "eve@example.com", "ida@example.com"] },
  });
});
