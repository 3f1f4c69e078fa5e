"""Kasten K10 behind Okta: a whole environment as one component, and a component by itself."""

import pulumi
import pulumi_gatehouse as gatehouse

config = pulumi.Config()

production = gatehouse.Environment(
    "production",
    idp={"kind": "okta", "org_url": config.get("orgUrl") or "https://example.okta.com"},
    groups={
        "backup-admins": {"display_name": "Kasten Admins", "members": ["ana@example.com"]},
        "auditors": {"existing": "Security Auditors"},
    },
    platforms={
        "k10": {
            "kind": "kasten",
            "host": "https://k10.example.com",
            "chart": {
                "version": "8.0.15",
                "repository": config.get("chartRepository") or "https://charts.kasten.io/",
                "wait": config.get_bool("wait") is not False,
            },
            "access": [
                {"group": "backup-admins", "role": "admin"},
                {"group": "auditors", "role": "view", "until": "2027-03-31"},
            ],
        },
    },
)

# What an on-call group may do in a namespace.
on_call = gatehouse.RoleBindings(
    "on-call",
    platform="shop",
    bindings={
        "view-shop": {
            "name": "on-call-view",
            "namespace": "shop",
            "role_kind": "ClusterRole",
            "role_name": "view",
            "groups": [{"display_name": "On Call", "subject": "okta:On Call"}],
        },
    },
)

pulumi.export("environment", production.document)
pulumi.export("bindings", on_call.names)
