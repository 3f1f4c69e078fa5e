/**
 * Errors of the token service and the sign-in pages, with the vendor's numbers and wording
 * (learn.microsoft.com/entra/identity-platform/reference-error-codes).
 */
export class TokenServiceError extends Error {
  constructor(
    readonly status: 400 | 401,
    /** The OAuth code, e.g. `invalid_client`. */
    readonly code: string,
    readonly number: number,
    text: string,
  ) {
    super(`AADSTS${String(number)}: ${text}`);
  }

  body(now: number): object {
    const timestamp = new Date(now)
      .toISOString()
      .replace("T", " ")
      .replace(/\.\d{3}/, "");
    return { error: this.code, error_description: `${this.message} Timestamp: ${timestamp}`, error_codes: [this.number], timestamp };
  }
}

export function tenantNotFound(tenant: string): TokenServiceError {
  const text = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`;
  return new TokenServiceError(400, "invalid_request", 90002, text);
}

export function parameterMissing(name: string): TokenServiceError {
  return new TokenServiceError(400, "invalid_request", 900144, `The request body must contain the following parameter: '${name}'.`);
}

export function applicationNotFound(clientId: string, tenant: string): TokenServiceError {
  const text =
    `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been ` +
    "installed by the administrator of the tenant or consented to by any user in the tenant.";
  return new TokenServiceError(400, "unauthorized_client", 700016, text);
}

export function wrongSecret(clientId: string): TokenServiceError {
  const text =
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, " +
    `for a secret added to app '${clientId}'.`;
  return new TokenServiceError(401, "invalid_client", 7000215, text);
}

export function expiredSecret(clientId: string): TokenServiceError {
  const text = `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app.`;
  return new TokenServiceError(401, "invalid_client", 7000222, text);
}

export function secretMissing(): TokenServiceError {
  const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
  return new TokenServiceError(401, "invalid_client", 7000218, text);
}

export function secretFromPublicClient(): TokenServiceError {
  const text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
  return new TokenServiceError(401, "invalid_client", 700025, text);
}

export const signIn = {
  wrongPassword: "AADSTS50126: Error validating credentials due to invalid username or password.",
  disabledAccount: "AADSTS50057: The user account is disabled.",
  wrongSecondFactor: "AADSTS500121: Authentication failed during strong authentication request.",
  secondFactorNeeded:
    "AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access this application.",
  blocked: "AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
  deviceNeeded: "AADSTS53000: Your device is required to be compliant to access this resource.",
} as const;

export function notAssigned(login: string, clientId: string, name: string): string {
  return (
    `AADSTS50105: Your administrator has configured the application ${name} ('${clientId}') to block users unless they are specifically ` +
    `granted ('assigned') access to the application. The signed in user '${login}' is blocked because they are not a direct member of a ` +
    "group with access, nor had access directly assigned by an administrator."
  );
}

export function principalDisabled(clientId: string): string {
  return `AADSTS7000112: Application '${clientId}' is disabled.`;
}

export function redirectMismatch(redirect: string, clientId: string): string {
  return (
    `AADSTS50011: The redirect URI '${redirect}' specified in the request does not match the redirect URIs configured for the ` +
    `application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application.`
  );
}

export function responseTypeNotEnabled(type: string): string {
  return `AADSTS700054: response_type '${type}' is not enabled for the application.`;
}
