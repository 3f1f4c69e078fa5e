import { entraGroupClosed } from "../../../policies/rules/entra-group-closed";
import { entra } from "../../../policies/types";
import { describeRule } from "../harness";

const faulty = (rule: string) => ({
  change: { "dynamicMembership > rule": rule },
  messages: [
    `dynamicMembership.rule: expected a rule that names people or their attributes in each alternative, got ${JSON.stringify(rule)}`,
  ],
});

describeRule(entraGroupClosed, {
  passing: {
    type: entra.group,
    props: {
      displayName: "Backup team",
      types: ["DynamicMembership"],
      visibility: "Public",
      dynamicMembership: { enabled: true, rule: 'user.department -eq "Backup"' },
    },
  },
  alsoPassing: {
    "a rule that rests": { change: { dynamicMembership: { enabled: false, rule: "user.objectId -ne null" } } },
    "a private Microsoft 365 group": { change: { types: ["Unified"], visibility: "Private" } },
  },
  violations: {
    "a rule for everybody": faulty("user.objectId -ne null"),
    "a rule that only excludes": faulty('user.department -ne "Sales"'),
    "a public Microsoft 365 group": {
      change: { types: ["Unified"] },
      messages: ['visibility: expected Private (anybody may join a public group), got "Public"'],
    },
  },
});
