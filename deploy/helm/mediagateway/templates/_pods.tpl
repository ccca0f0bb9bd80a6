{{/* The table of files/groups.yaml with the values' overrides, as YAML. */}}
{{- define "mediagateway.table" -}}
{{- $table := .Files.Get "files/groups.yaml" | fromYaml -}}
{{- mergeOverwrite $table (dict "groups" .Values.groups "worker" .Values.worker) | toYaml -}}
{{- end -}}

{{- define "mediagateway.labels" -}}
app.kubernetes.io/part-of: mediagateway
app.kubernetes.io/component: {{ . }}
{{- end -}}

{{- define "mediagateway.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "mediagateway.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "mediagateway.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{/* Deployment, HorizontalPodAutoscaler and PodDisruptionBudget. Takes: root, name, size, container (the rest of it). */}}
{{- define "mediagateway.workload" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels: {{- include "mediagateway.labels" .name | nindent 4 }}
spec:
  revisionHistoryLimit: 5
  selector:
    matchLabels: {{- include "mediagateway.labels" .name | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  template:
    metadata:
      labels: {{- include "mediagateway.labels" .name | nindent 8 }}
      annotations:
        # A changed configuration is a new version of the pods.
        checksum/config: {{ .root.Values.config | toJson | sha256sum }}
    spec:
      serviceAccountName: mediagateway
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext: {{- include "mediagateway.podSecurity" . | nindent 8 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "mediagateway.labels" .name | nindent 14 }}
      containers:
        - name: {{ .name }}
          image: {{ include "mediagateway.image" .root }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- .container | nindent 10 }}
          envFrom:
            - configMapRef:
                name: mediagateway
            - secretRef:
                name: {{ .root.Values.existingSecret }}
          resources:
            requests:
              cpu: {{ .size.cpu }}
              memory: {{ .size.memory }}
            limits:
              memory: {{ .size.memory }}
          securityContext: {{- include "mediagateway.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - name: state
              mountPath: /var/lib/mediagateway
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: state
          emptyDir:
            sizeLimit: 2Gi
        - name: tmp
          emptyDir:
            sizeLimit: 256Mi
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels: {{- include "mediagateway.labels" .name | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name }}
  minReplicas: {{ .size.minReplicas }}
  maxReplicas: {{ .size.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 60
  behavior:
    scaleUp:
      policies:
        - type: Percent
          value: 100
          periodSeconds: 30
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - type: Percent
          value: 20
          periodSeconds: 60
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels: {{- include "mediagateway.labels" .name | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "mediagateway.labels" .name | nindent 6 }}
{{- end -}}
