/** An object id of Microsoft's directories and other UUIDs in their usual spelling, alone. */
export const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
