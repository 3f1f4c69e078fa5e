/** People and groups whom no filter of a platform has in mind: what lets many of them through, lets everybody through. */

/** Group names, or departments, as organisations have them: none of them is a platform's. */
const strangers: readonly string[] = [
  ...["Everyone", "All Staff", "Board", "Contractors", "Customer Care", "Design", "Domain Users", "Engineering", "Facilities"],
  ...["Finance-EMEA", "General Ledger", "HR", "Interns 2026", "JIRA Users", "Kitchen", "Legal", "Marketing", "Nurses", "Office 365 E3"],
  ...["Procurement", "Quality", "Research", "Sales_DACH", "Treasury", "Union", "VPN", "Warehouse", "X-Ray", "Yard", "Zürich"],
  ...["0", "1st line support", "9-to-5", "app.github.readers", "ünïcode/grp", "lower case", "UPPER CASE", "under_score", "(parens)", "a"],
];
const addresses: readonly string[] = [
  ...["jane.doe@example.com", "m.muster@firma.de", "root@localhost", "o'neill@contoso.onmicrosoft.com", "x_1@mail.example.org"],
  ...["guest_gmail.com#EXT#@contoso.onmicrosoft.com", "ANA@EXAMPLE.NET", "li@corp.example.cn", "8812@students.example.edu", "q@a.io"],
];
/** More than this part of them is no filter. */
const tolerated = 0.1;

/** Whether many group names, or values of an attribute, are let through. */
export function matchesStrangers(matches: (name: string) => boolean, attribute = ""): boolean {
  const names = /mail|login|principal|upn/i.test(attribute) ? addresses : strangers;
  return names.filter(matches).length > names.length * tolerated;
}
