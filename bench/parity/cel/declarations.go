// Writes down what Kubernetes declares for CEL: its functions with their types, and the names of types. Run by declarations.ts.
package main

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"
	"k8s.io/apiserver/pkg/cel/environment"
)

func main() {
	env, err := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()).Env(environment.StoredExpressions)
	if err != nil {
		panic(err)
	}
	functions := map[string][]string{}
	for name, function := range env.Functions() {
		for _, overload := range function.OverloadDecls() {
			key := name
			if overload.IsMemberFunction() {
				key = "." + name
			}
			functions[key] = append(functions[key], "("+texts(overload.ArgTypes())+"): "+checker.FormatCELType(overload.ResultType()))
		}
	}
	typeNames := map[string]string{}
	for _, variable := range env.Variables() {
		typeNames[variable.Name()] = checker.FormatCELType(variable.Type())
	}
	joined := map[string]string{}
	for key, overloads := range functions {
		joined[key] = strings.Join(overloads, " | ")
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"functions": joined, "typeNames": typeNames}); err != nil {
		panic(err)
	}
}

func texts(all []*types.Type) string {
	list := []string{}
	for _, each := range all {
		list = append(list, checker.FormatCELType(each))
	}
	return strings.Join(list, ", ")
}
