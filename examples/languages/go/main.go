// Kasten K10 behind Okta: a whole environment as one component, and a component by itself.
package main

import (
	"example.com/pulumi-gatehouse/sdk/go/gatehouse"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		orgURL := settings.Get("orgUrl")
		if orgURL == "" {
			orgURL = "https://example.okta.com"
		}
		repository := settings.Get("chartRepository")
		if repository == "" {
			repository = "https://charts.kasten.io/"
		}
		production, err := gatehouse.NewEnvironment(ctx, "production", &gatehouse.EnvironmentArgs{
			Idp: gatehouse.IdentityProviderArgs{Kind: pulumi.String("okta"), OrgUrl: pulumi.String(orgURL)},
			Groups: gatehouse.GroupMap{
				"backup-admins": gatehouse.GroupArgs{
					DisplayName: pulumi.String("Kasten Admins"),
					Members:     pulumi.StringArray{pulumi.String("ana@example.com")},
				},
				"auditors": gatehouse.GroupArgs{Existing: pulumi.String("Security Auditors")},
			},
			Platforms: gatehouse.PlatformMap{
				"k10": gatehouse.PlatformArgs{
					Kind: pulumi.String("kasten"),
					Host: pulumi.String("https://k10.example.com"),
					Chart: gatehouse.PlatformChartArgs{
						Version:    pulumi.String("8.0.15"),
						Repository: pulumi.String(repository),
						Wait:       pulumi.Bool(settings.Get("wait") != "false"),
					},
					Access: gatehouse.PlatformAccessArray{
						gatehouse.PlatformAccessArgs{Group: pulumi.String("backup-admins"), Role: pulumi.String("admin")},
						gatehouse.PlatformAccessArgs{Group: pulumi.String("auditors"), Role: pulumi.String("view"), Until: pulumi.String("2027-03-31")},
					},
				},
			},
		})
		if err != nil {
			return err
		}
		// What an on-call group may do in a namespace.
		onCall, err := gatehouse.NewRoleBindings(ctx, "on-call", &gatehouse.RoleBindingsArgs{
			Platform: pulumi.String("shop"),
			Bindings: gatehouse.RoleBindingMap{
				"view-shop": gatehouse.RoleBindingArgs{
					Name:      pulumi.String("on-call-view"),
					Namespace: pulumi.String("shop"),
					RoleKind:  pulumi.String("ClusterRole"),
					RoleName:  pulumi.String("view"),
					Groups: gatehouse.BoundGroupArray{
						gatehouse.BoundGroupArgs{DisplayName: pulumi.String("On Call"), Subject: pulumi.String("okta:On Call")},
					},
				},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("environment", production.Document)
		ctx.Export("bindings", onCall.Names)
		return nil
	})
}
