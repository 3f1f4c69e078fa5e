import { isIP } from "node:net";
import { connect } from "node:tls";

/** What a server shows of itself before any request. */
export interface TlsPeer {
  /** Whether the chain leads to an authority that this machine trusts, and the name fits. */
  readonly trusted: boolean;
  /** Why not, in Node's words; null when it is. */
  readonly reason: string | null;
  /** End of the server's own certificate; null when it shows none. */
  readonly validTo: Date | null;
}

const timeoutMilliseconds = 10_000;

/** Looks at the certificate chain of a server. Nothing is sent beyond the handshake. */
export function tlsPeer(host: string, port: number): Promise<TlsPeer> {
  return new Promise((resolve, reject) => {
    // The chain is what is asked about: an untrusted one is an answer, not a failure.
    // An address is no server name (RFC 6066, section 3).
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...name, rejectUnauthorized: false, timeout: timeoutMilliseconds }, () => {
      const { valid_to: end } = socket.getPeerCertificate();
      const trusted = socket.authorized;
      resolve({ trusted, reason: trusted ? null : String(socket.authorizationError), validTo: end ? new Date(end) : null });
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy(new Error("no answer in time")));
    socket.on("error", reject);
  });
}
