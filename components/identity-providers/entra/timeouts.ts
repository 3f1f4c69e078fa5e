/**
 * How long one operation on Entra ID may take: never less than the provider's own default, which is 20 minutes for a group
 * (terraform-provider-azuread group_resource.go). The provider itself waits for replication, 20 seconds and more for each delete, group
 * and policy, and retries 404s until this deadline (hashicorp/terraform-provider-azuread#1811): never a blind sleep of ours.
 */
export const operationTimeouts = { create: "30m", update: "30m", delete: "30m" };
