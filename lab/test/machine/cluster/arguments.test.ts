import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { X509Certificate } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { apiServerArguments, controllerManagerArguments, etcdArguments } from "../../../machine/cluster/arguments";
import type { ClusterPlan } from "../../../machine/cluster/arguments";
import { kubeconfig } from "../../../machine/cluster/kubeconfig";
import { createPki } from "../../../machine/cluster/pki";

let directory: string;
let plan: ClusterPlan;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-cluster-"));
  plan = {
    pki: await createPki(directory),
    etcdDataDir: "/state/etcd",
    authenticationConfigurationFile: "/state/authentication.yaml",
    controllerManagerKubeconfigFile: "/state/kcm.kubeconfig",
    ports: { etcd: 2379, etcdPeer: 2380, server: 6443 },
  };
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const value = (args: string[], flag: string) => args.filter((arg) => arg.startsWith(`--${flag}=`)).map((arg) => arg.slice(flag.length + 3));
const all = () => [etcdArguments(plan), apiServerArguments(plan), controllerManagerArguments(plan)];

it("listens on loopback only", () => {
  const hosts = all()
    .flat()
    .flatMap((arg) => [...arg.matchAll(/https?:\/\/([^/:]+):\d/g)].map((match) => match[1]));
  expect(new Set(hosts)).toEqual(new Set(["127.0.0.1"]));
  expect(value(apiServerArguments(plan), "bind-address")).toEqual(["127.0.0.1"]);
  expect(value(controllerManagerArguments(plan), "secure-port")).toEqual(["0"]);
});

it("names each flag once and carries no key material", () => {
  for (const args of all()) {
    const flags = args.map((arg) => arg.split("=")[0]);
    expect(new Set(flags).size).toBe(flags.length);
    expect(args.join("\n")).not.toMatch(/PRIVATE KEY|BEGIN/);
  }
});

it("lets the API server alone read etcd, and authorises by RBAC", () => {
  expect(etcdArguments(plan)).toContain("--client-cert-auth=true");
  expect(value(etcdArguments(plan), "trusted-ca-file")).toEqual([plan.pki.etcdCa.file]);
  expect(value(apiServerArguments(plan), "etcd-certfile")).toEqual([plan.pki.etcdClient.certificateFile]);
  expect(value(apiServerArguments(plan), "authorization-mode")).toEqual(["RBAC"]);
  expect(value(apiServerArguments(plan), "authentication-config")).toEqual(["/state/authentication.yaml"]);
});

it("asks no webhooks: the pods that would answer do not run", () => {
  expect(value(apiServerArguments(plan), "disable-admission-plugins")).toEqual(["ValidatingAdmissionWebhook,MutatingAdmissionWebhook"]);
});

it("verifies service account tokens with the public half of the key that signs them", () => {
  const { privateKeyFile, publicKeyFile } = plan.pki.serviceAccount;
  expect(value(apiServerArguments(plan), "service-account-key-file")).toEqual([publicKeyFile]);
  expect(value(apiServerArguments(plan), "service-account-signing-key-file")).toEqual([privateKeyFile]);
  expect(value(controllerManagerArguments(plan), "service-account-private-key-file")).toEqual([privateKeyFile]);
});

it("keeps the four authorities apart", () => {
  const { pki } = plan;
  const authorities = [pki.serverCa.file, pki.clientCaFile, pki.frontProxyCaFile, pki.etcdCa.file].map(
    (file) => new X509Certificate(readFileSync(file)),
  );
  const signerOf = (certificate: string) => authorities.findIndex((ca) => new X509Certificate(certificate).verify(ca.publicKey));
  const issued = [pki.server, pki.admin, pki.controllerManager, pki.frontProxy, pki.etcdServer, pki.etcdClient];
  expect(issued.map((entry) => signerOf(entry.certificate))).toEqual([0, 1, 1, 2, 3, 3]);
  expect(readdirSync(directory).sort()).toEqual(["client", "etcd", "front-proxy", "server", "service-account"]);
});

it("writes a kubeconfig that needs no other file", () => {
  const { admin, serverCa } = plan.pki;
  const text = kubeconfig({ server: "https://127.0.0.1:6443", ca: serverCa.pem, user: "admin", client: admin });
  const base64 = (pem: string) => Buffer.from(pem).toString("base64");
  expect(parse(text)).toEqual({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "gatehouse-lab",
    contexts: [{ name: "gatehouse-lab", context: { cluster: "gatehouse-lab", user: "admin" } }],
    clusters: [
      { name: "gatehouse-lab", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": base64(serverCa.pem) } },
    ],
    users: [{ name: "admin", user: { "client-certificate-data": base64(admin.certificate), "client-key-data": base64(admin.key) } }],
  });
});
