/**
 * How long one operation on Entra ID may take. The provider itself waits for replication, 20 seconds and more for each
 * delete, group and policy, and retries 404s until this deadline (hashicorp/terraform-provider-azuread#1811): never a blind sleep of ours.
 */
export const operationTimeouts = { create: "15m", update: "15m", delete: "15m" };
