import { graphPermissions, missingGraphPermission } from "../../../../components/identity-providers/entra";
import { PROVISIONING_PERMISSIONS } from "../../../../lab/identity/entra/graph/permissions";

const failed = (type: string, ...errors: string[]) =>
  missingGraphPermission({ type, name: "k10-app-mfa", failedOperation: "create", errors });

const policy = "azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy";

test("a refusal names the permission, and what to do", () => {
  expect(failed(policy, "unexpected status 403 (403 Forbidden) with error: AccessDenied: You cannot perform the requested operation")).toBe(
    "k10-app-mfa: Microsoft Graph refused to create it. The account that deploys needs the application permission " +
      "Policy.Read.All and Policy.ReadWrite.ConditionalAccess, with an administrator's consent. " +
      "Fix: grant it, wait a few minutes, and run the update again: it goes on where it stopped.",
  );
});

test.each([
  ["another failure", policy, "unexpected status 400 (400 Bad Request)"],
  ["a resource of another provider", "kubernetes:core/v1:Secret", "403 Forbidden"],
  ["a number that holds 403", policy, "request 14037 failed"],
])("%s gets no such words", (_what, type, error) => {
  expect(failed(type, error)).toBeUndefined();
});

test("an earlier refusal does not speak for the latest error", () => {
  expect(failed(policy, "timed out", "403 Forbidden")).toBeUndefined();
});

test("every permission that the table names is one that Graph knows", () => {
  const names = Object.values(graphPermissions).flatMap((text) => text.split(/ or | and /));
  const known = [...PROVISIONING_PERMISSIONS, "Application.ReadWrite.OwnedBy"];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
});
