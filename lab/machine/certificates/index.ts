/** The lab's certificate authority: TLS for loopback servers, client certificates for the cluster's components. */
export { createCertificateAuthority } from "./authority";
export type { CertificateAuthority, ClientCertificate, IssuedCertificate, ServerCertificate } from "./authority";
export { writeKeyPair, writePrivate } from "./keys";
