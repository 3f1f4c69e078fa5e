import { holdsEverybody } from "../../policies/reading/membership";

/** Rules that fill a group: the first half names people, the second takes in whoever has an account. */
describe("a rule that fills a group", () => {
  it.each([
    'user.department == "Backup"',
    '"Backup" == user.department',
    'user.department == "Backup" && user.status == "ACTIVE"',
    'user.department eq "Backup" AND NOT(user.title == "Intern")',
    'user.department == "Engineering" AND user.title == "Lead"',
    '(user.department == "Backup") == true',
    '!(user.department != "Backup")',
    'isMemberOfGroupName("Storage Team") || String.stringContains(user.title, "Backup")',
    'isMemberOfGroup("00g1") OR isMemberOfAnyGroup("00g2", "00g3")',
    'isMemberOfGroupNameStartsWith("Kasten ")',
    'isMemberOfGroupNameRegex("k10-.*")',
    'String.stringContains(user.email, "@kasten-partners.")',
    'user.login.matches("svc-backup-.*")',
    'Arrays.contains(user.teams, "backup")',
    "user.isBackupOperator == true",
    'user.department == "a || b"',
    '(user.department -eq "Backup") -and (user.accountEnabled -eq true)',
    'user.department -in ["Backup", "Storage"]',
    'user.jobTitle -startsWith "Backup "',
    'user.jobTitle -match "^Backup.*"',
    'not (user.department -ne "Backup")',
    "user.memberof -any (group.objectId -in ['11111111-2222-4333-8444-555555555555'])",
    'Direct Reports for "11111111-2222-4333-8444-555555555555"',
    'device.deviceOwnership -eq "Company"',
  ])("names people: %s", (rule) => {
    expect(holdsEverybody(rule)).toBe(false);
  });

  it.each([
    "true",
    "",
    "user.login != null",
    'user.status == "ACTIVE"',
    'user.department == ""',
    'user.department != "x"',
    '!(user.department == "x")',
    '(user.department == "x") == false',
    '(user.department == "x") != true',
    "user.isContractor == false",
    'user.department == "x" ? true : true',
    '"a" == "a"',
    "user.login == user.login",
    "String.len(user.login) > 0",
    'String.stringContains(user.email, "@")',
    'String.startsWith(user.login, "")',
    'user.email.contains(".")',
    'user.login.matches(".*")',
    'isMemberOfGroupName("Everyone")',
    'isMemberOfGroupNameStartsWith("E")',
    'isMemberOfGroupNameContains("very")',
    'isMemberOfGroupNameRegex("[A-Z].*")',
    'user.department == "Backup" || 1 == 1',
    'user.department == "Backup" or not (user.title == "x")',
    "user.objectId -ne null",
    "(user.accountEnabled -eq true)",
    'user.userType -eq "Member"',
    'user.userPrincipalName -contains "@"',
    'user.mail -match ".*"',
    'user.department -notIn ["Backup"]',
    'user.department -notStartsWith "x"',
    '(user.department -eq "Backup") -or (user.userType -ne "Guest")',
    "user.assignedPlans -all (assignedPlan.servicePlanId -ne null)",
    "user.surprise.unheard(of)",
  ])("takes in whoever has an account: %s", (rule) => {
    expect(holdsEverybody(rule)).toBe(true);
  });
});
