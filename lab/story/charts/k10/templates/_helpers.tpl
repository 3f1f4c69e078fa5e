{{- define "k10.matchLabels" -}}
app: {{ .Chart.Name }}
release: {{ .Release.Name }}
{{- end -}}

{{- define "k10.labels" -}}
heritage: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "k10.matchLabels" . }}
{{- end -}}

{{/* Labels of the roles for people; the vendor marks these and not the bindings. */}}
{{- define "k10.roleLabels" -}}
{{ include "k10.labels" . }}
k10.kasten.io/default-rbac-object: "true"
{{- end -}}

{{/* The middle of the default bindings' names: <namespace>-<this>-admin. */}}
{{- define "k10.bindingAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-") .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* ServiceAccount of one Deployment: dict "root" . "deployment" name */}}
{{- define "k10.serviceAccountOf" -}}
{{- if .root.Values.serviceAccount.name -}}
{{- .root.Values.serviceAccount.name -}}
{{- else if .root.Values.serviceAccount.create -}}
{{- .deployment -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{/*
Subjects of the default administrator bindings. As in the vendor's chart: k10:admins always; names unquoted;
groupAllowList stands in for an empty k10AdminGroups.
*/}}
{{- define "k10.adminSubjects" -}}
- apiGroup: rbac.authorization.k8s.io
  kind: Group
  name: k10:admins
{{- range .Values.auth.k10AdminUsers }}
- apiGroup: rbac.authorization.k8s.io
  kind: User
  name: {{ . }}
{{- end }}
{{- range default .Values.auth.groupAllowList .Values.auth.k10AdminGroups }}
- apiGroup: rbac.authorization.k8s.io
  kind: Group
  name: {{ . }}
{{- end }}
{{- end -}}

{{/* How many kinds of authentication are on; more than one is refused. */}}
{{- define "k10.authCount" -}}
{{- $count := 0 -}}
{{- range $kind := list "basicAuth" "tokenAuth" "oidcAuth" "openshift" "ldap" -}}
{{- if (index $.Values.auth $kind).enabled -}}{{- $count = add1 $count -}}{{- end -}}
{{- end -}}
{{- if gt (int $count) 1 -}}
{{- fail "Multiple auth types were selected. Only one type can be enabled." -}}
{{- end -}}
{{- if or .Values.auth.openshift.enabled .Values.auth.ldap.enabled -}}
{{- fail "auth.openshift and auth.ldap need Dex, which this lab chart does not have: use auth.oidcAuth, or install the vendor's chart." -}}
{{- end -}}
{{- $count -}}
{{- end -}}

{{- define "k10.requireAuth" -}}
{{- if eq (include "k10.authCount" .) "0" -}}
{{- fail "Auth is required to expose access to K10." -}}
{{- end -}}
{{- end -}}

{{/* Path under which the gateway answers: route, then ingress, then release; slashes trimmed. */}}
{{- define "k10.prefixPath" -}}
{{- $path := "" -}}
{{- if .Values.route.enabled -}}
{{- $path = .Values.route.path -}}
{{- else if .Values.ingress.create -}}
{{- $path = .Values.ingress.urlPath -}}
{{- end -}}
/{{ default .Release.Name $path | trimPrefix "/" | trimSuffix "/" }}
{{- end -}}

{{/* Annotations of every pod; a change of rendered configuration or Secret rolls all Deployments. */}}
{{- define "k10.podAnnotations" -}}
{{- $own := dict
  "checksum/config" (include (print .Template.BasePath "/config.yaml") . | sha256sum)
  "checksum/secret" (include (print .Template.BasePath "/secrets.yaml") . | sha256sum) -}}
{{- merge $own (deepCopy .Values.global.podAnnotations) | toYaml -}}
{{- end -}}

{{- define "k10.checkLabels" -}}
{{- if and .Values.global.podLabels (or .Values.global.resourceLabels .Values.global.ephemeralResourceLabels) -}}
{{- fail "The `global.podLabels` field has been deprecated and cannot be used simultaneously with `global.resourceLabels` or `global.ephemeralResourceLabels`. Please use `global.resourceLabels` and/or `global.ephemeralResourceLabels` to set labels globally." -}}
{{- end -}}
{{- end -}}
