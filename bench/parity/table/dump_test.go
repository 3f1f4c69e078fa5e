// Stands in for claimsTest.run of k8s.io/apiserver's oidc_test.go: instead of judging a row it writes down what the row is.
package oidc

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"gopkg.in/go-jose/go-jose.v2"
)

const dumpURL = "https://127.0.0.1:9"

func (c *claimsTest) run(t *testing.T) {
	v := struct{ URL, Expired string }{URL: dumpURL}
	sign := func(text string) string {
		if c.signingKey == nil {
			return ""
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(c.signingKey.Algorithm), Key: c.signingKey}, nil)
		if err != nil {
			t.Fatal(err)
		}
		jws, err := signer.Sign([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		token, err := jws.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	c.options.JWTAuthenticator.Issuer.URL = replace(c.options.JWTAuthenticator.Issuer.URL, &v)
	c.options.JWTAuthenticator.Issuer.DiscoveryURL = replace(c.options.JWTAuthenticator.Issuer.DiscoveryURL, &v)
	answers := map[string]string{}
	for claim, response := range c.claimToResponseMap {
		answers["/"+claim] = sign(replace(response, &v))
	}
	row := map[string]any{
		"name": c.name, "jwt": c.options.JWTAuthenticator, "algorithms": c.options.SupportedSigningAlgs, "token": sign(replace(c.claims, &v)),
		"keys": toKeySet(c.pubKeys), "want": c.want, "wantSkip": c.wantSkip, "wantErr": c.wantErr, "wantInitErr": c.wantInitErr,
		"wantHealthErr": c.wantHealthErrPrefix, "answers": answers, "openIDConfig": replace(c.openIDConfig, &v), "now": now.UnixMilli(),
		"changed": c.optsFunc != nil, "egress": c.options.EgressLookup != nil, "disallowed": c.options.DisallowedIssuers,
	}
	if c.want != nil {
		row["want"] = map[string]any{"username": c.want.Name, "groups": c.want.Groups, "uid": c.want.UID, "extra": c.want.Extra}
	}
	line, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(os.Stdout, "ROW "+string(line))
}
