import { z } from "zod";
import type { AdoptionRemark, FoundPlatform, InstalledCluster, Installation, PlatformAdoption } from "../adoption";
import { adoptedClusterAdmin } from "../cluster-roles";
import { describeReceived, type Problem } from "../../text/problems";
import { prefixFault } from "../../text/trusted-names";
import { flagsOfPods, flagsOfText, trustOfFlags } from "./adopted-flags";
import { trustsOfConfiguration } from "./adopted-configuration";
import { accessOfKubeconfig, type KubeconfigAccess, type FoundKubeconfig } from "./adopted-kubeconfig";
import type { FoundTrust } from "./adopted-trust";

/** What the control plane keeps by itself, and so nobody but its owner can hand over. */
const configurationFile = "authentication-configuration.yaml";
const flagsFile = "api-server-flags.txt";
const kubeconfigFile = "kubeconfig.yaml";

const pods = {
  path: "/api/v1/namespaces/kube-system/pods?labelSelector=component%3Dkube-apiserver",
  file: "api-server-pods.json",
  command: "kubectl --namespace kube-system get pods --selector component=kube-apiserver --output json",
  right: "list pods in namespace kube-system",
};

/** kubeadm's own announcement of the cluster (kubernetes.io, "kubeadm init", phase bootstrap-token). */
const clusterInfo = {
  path: "/api/v1/namespaces/kube-public/configmaps/cluster-info",
  file: "cluster-info.json",
  command: "kubectl --namespace kube-public get configmap cluster-info --output json",
  right: "get configmaps in namespace kube-public",
};

/** An issuer that the API server trusts: by its AuthenticationConfiguration, or by the flags of old. Nothing is installed in the cluster. */
export const kubernetesAdoption: PlatformAdoption = {
  knownBy: `an API server that trusts an issuer: flags of its pods (kubeadm), or ${flagsFile} or ${configurationFile} of --from-files`,
  async find(cluster) {
    const trusts = await readTrusts(cluster);
    return trusts.map(({ issuer, from }): Installation => ({
      place: issuer === "" ? "kube-apiserver" : issuer,
      key: "kubernetes",
      title: `the API server's ${from}`,
      releases: [],
    }));
  },
  async read({ place }, cluster) {
    const trusts = await readTrusts(cluster);
    const trust = trusts.find(({ issuer }) => issuer === place) ?? trusts[0];
    if (trust === undefined) {
      throw new Error(`kube-apiserver: expected the trust in ${place} that was there a moment ago, got none`);
    }
    return foundPlatform(trust, await readKubeconfig(cluster), trusts.length - 1);
  },
  ofGrants: adoptedClusterAdmin,
  // A component without a resource: bindings are the stack's own, beside those that are there.
  resources: () => [],
  withoutSecrets: ({ values }) => values,
};

/** Tokens of OpenUnison's own issuer: that is the platform openunison. */
const openUnisonIssuerPath = "/auth/idp/k8sIdp";

async function readTrusts(cluster: InstalledCluster): Promise<FoundTrust[]> {
  const configuration = await cluster.file(configurationFile);
  if (configuration !== undefined) {
    return trustsOfConfiguration(configuration, configurationFile).filter(({ issuer }) => !issuer.endsWith(openUnisonIssuerPath));
  }
  const text = await cluster.file(flagsFile);
  const servers = text === undefined ? flagsOfPods(await cluster.object(pods)) : [flagsOfText(text)];
  const trusts = servers.map(trustOfFlags);
  const trust = trusts.find((one) => one !== undefined);
  if (trust === undefined || trust.issuer.endsWith(openUnisonIssuerPath)) {
    return [];
  }
  const texts = new Set(trusts.map((one) => JSON.stringify(one)));
  return [
    texts.size <= 1
      ? trust
      : {
          ...trust,
          problems: [
            ...trust.problems,
            {
              path: ["flags"],
              expected: "every API server of the control plane to have the same --oidc flags",
              received: `${texts.size} different sets`,
            },
          ],
        },
  ];
}

async function readKubeconfig(cluster: InstalledCluster): Promise<KubeconfigAccess> {
  const own = await cluster.file(kubeconfigFile);
  if (own !== undefined) {
    return accessOfKubeconfig(own);
  }
  const announced = z.looseObject({ data: z.looseObject({ kubeconfig: z.string() }) }).safeParse(await cluster.object(clusterInfo));
  return announced.success ? accessOfKubeconfig(announced.data.data.kubeconfig) : { settings: {} };
}

function foundPlatform(trust: FoundTrust, { settings: kubeconfig, scopes }: KubeconfigAccess, others: number): FoundPlatform {
  const { issuer, audiences, username, groups, requiredClaims, certificateAuthority } = trust;
  const keepsGroup = prefixFault(groups.prefix) === undefined;
  return {
    settings: {
      ...kubeconfig,
      ...(certificateAuthority === undefined ? {} : { issuerCertificateAuthority: certificateAuthority }),
      ...(keepsGroup ? { prefix: groups.prefix } : {}),
      usernameClaim: username.claim,
      adopted: true,
    },
    issuer,
    clientId: audiences[0] ?? "",
    groupsClaim: groups.claim,
    usernameClaim: username.claim,
    scopes,
    requiredClaims,
    prefixes: { user: username.prefix, group: groups.prefix, keepsGroup },
    keepsUserNames: keepsGroup && username.prefix === groups.prefix,
    reachesEveryRole: true,
    plainReleases: [],
    plainCopies: [],
    byHand: [
      `After the first update: install the stack's authentication-configuration.yaml, or its flags, on each control plane, one after the other, in place of today's ${trust.from}. Until then names are those of today.`,
      "Then hand out the stack's kubeconfig.yaml.",
      ...(others === 0
        ? []
        : [
            `The configuration trusts ${others} more ${others === 1 ? "issuer" : "issuers"}: keep those entries beside the stack's when you install it.`,
          ]),
    ],
    remarks: remarksOf(trust, keepsGroup),
    problems: [...trust.problems, ...serverProblems(kubeconfig), ...audienceProblems(trust)],
  };
}

function remarksOf({ username, groups }: FoundTrust, keepsGroup: boolean): AdoptionRemark[] {
  return [
    keepsGroup
      ? { setting: "prefix", text: "found as it is." }
      : {
          setting: "prefix",
          text: `found ${JSON.stringify(groups.prefix)}, which is refused: anyone who may name a group at the identity provider could take a name that the cluster trusts. The stack's default takes its place; the prefixed bindings come first, so that nobody is locked out.`,
        },
    ...(username.prefix === groups.prefix
      ? []
      : [
          {
            setting: "prefix",
            text: `user names have ${username.prefix === "" ? "no prefix" : `the prefix ${JSON.stringify(username.prefix)}`} today; the stack puts the groups' prefix before them as well.`,
          },
        ]),
    ...(["sub", "oid"].includes(username.claim)
      ? []
      : [{ setting: "usernameClaim", text: `found ${username.claim}, which can be given to another person; safe: sub (Entra ID: oid).` }]),
  ];
}

function serverProblems({ server }: FoundKubeconfig): Problem[] {
  return server === undefined
    ? [
        {
          path: ["server"],
          expected: "the API server's address as people reach it",
          received: "nothing: the cluster has no ConfigMap kube-public/cluster-info",
          fix: `put the kubeconfig that people use into the folder of --from-files as ${kubeconfigFile}`,
        },
      ]
    : [];
}

function audienceProblems({ audiences }: FoundTrust): Problem[] {
  return audiences.length === 1
    ? []
    : [
        {
          path: ["jwt", "issuer", "audiences"],
          expected: "one client id, since the stack's configuration trusts its own client alone",
          received: describeReceived(audiences, []),
          fix: "move the people of the other clients to one of them first, or give those clients an entry of their own",
        },
      ];
}
