/**
 * A relying party in place of K10's sign-in service and dashboard, for a cluster that runs no pods.
 *
 * It is configured by what the chart rendered in the cluster and by nothing else, signs people in at the chart's callback path, derives user
 * and groups by K10's rules, and asks the API server as that user, by impersonation, as K10 does.
 */
import type { HostMap } from "../../sign-in/transport";
import { clusterApi } from "../cluster-api";
import { callbackUrl, dashboardUrl, kastenDeployments, type KastenDeployment } from "./configuration";
import { podTemplates, startPods, type KastenPods } from "./deployment";
import { KastenPages, type Running } from "./pages";
import { oidcClient } from "../oidc-client";
import { servePages } from "../page-server";
import { Sessions, type KastenSession } from "../sessions";

export interface KastenRelyingPartyOptions {
  /** Kubeconfig of an administrator: reads the release's objects and may impersonate. */
  readonly kubeconfigPath: string;
  readonly namespace: string;
  readonly release: string;
  /** PEM of the CA that signed the identity provider's certificate. */
  readonly ca: string;
  /** PEM of a certificate for the host of `redirect-url`, and its key. */
  readonly certificate: { readonly certPem: string; readonly keyPem: string };
  /** Port on 127.0.0.1; 0 or left out: a free one. */
  readonly listen?: { readonly port: number };
  /** Where the identity provider's host really listens, when DNS does not know it. */
  readonly hostMap?: HostMap;
  /**
   * Looks for a group claim missing in the ID token at the userinfo endpoint. Whether K10 does so is unknown, so by default it does not
   * happen: a set-up that only works with it is reported as failing rather than hidden.
   * @default false
   */
  readonly groupsFromUserInfo?: boolean;
}

export interface KastenRelyingParty {
  /** `k10.example.com:443`: key of a host map. */
  readonly host: string;
  /** `127.0.0.1:40123`: value of a host map. */
  readonly address: string;
  /** `https://k10.example.com` */
  readonly origin: string;
  /** Where a person starts: `https://k10.example.com/k10/`. */
  readonly startUrl: string;
  readonly callbackUrl: string;
  /** The latest session of a person (effective username, or login), for checks in this process: it holds the raw ID token. */
  session(user: string): KastenSession | undefined;
  /**
   * Reads configuration and Secrets anew if the pod template of one of the three Deployments has changed, as Kubernetes would start new pods;
   * a Secret changed in place is not seen, as running pods would not. Sessions live on.
   * @returns the Deployments whose pods were rolled
   */
  restartIfRolled(): Promise<readonly KastenDeployment[]>;
  stop(): Promise<void>;
}

export async function startKastenRelyingParty(options: KastenRelyingPartyOptions): Promise<KastenRelyingParty> {
  const api = clusterApi(options.kubeconfigPath);
  const place = { namespace: options.namespace, release: options.release };
  const start = async (): Promise<{ pods: KastenPods; running: Running }> => {
    const pods = await startPods(api, place);
    const callback = callbackUrl(pods.configuration.redirectUrl, pods.prefix);
    const oidc = await oidcClient(pods.configuration, callback, { ca: options.ca, hostMap: options.hostMap });
    return { pods, running: { configuration: pods.configuration, callback, oidc } };
  };
  let current = await start();
  const sessions = new Sessions();
  const pages = new KastenPages({
    current: () => current.running,
    api,
    sessions,
    groupsFromUserInfo: options.groupsFromUserInfo ?? false,
  });
  const { redirectUrl } = current.pods.configuration;
  const server = await servePages({ url: redirectUrl, certificate: options.certificate, port: options.listen?.port }, (request, response) =>
    pages.answer(request, response),
  );
  return {
    ...server,
    origin: redirectUrl.origin,
    get startUrl() {
      return dashboardUrl(current.running.callback);
    },
    get callbackUrl() {
      return current.running.callback;
    },
    session: (user) => sessions.of(user),
    async restartIfRolled() {
      const before = current.pods.templates;
      const rolledIn = (now: KastenPods["templates"]): KastenDeployment[] => kastenDeployments.filter((name) => now[name] !== before[name]);
      if (rolledIn(await podTemplates(api, place)).length === 0) {
        return [];
      }
      current = await start();
      // By what the new pods hold: Helm patches one Deployment after the other, and one may follow after the look above.
      return rolledIn(current.pods.templates);
    },
  };
}
