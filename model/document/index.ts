/**
 * The environment document: what a stack exports, and all that verifier, reports and auditors read. Its shape (schema), how an
 * environment becomes one once the vendors have answered (build), and how a reader takes one in (read). Never a secret, never a clock.
 */
export { environmentDocument, type ResolvedEnvironment } from "./build";
export { documentCodes, InvalidDocumentError, readDocument, type DocumentCode } from "./read";
export { documentSchema, documentVersion, type DocumentGrant, type DocumentPlatform, type EnvironmentDocument } from "./schema";
