module example.com/gatehouse-go

go 1.24

require github.com/pulumi/pulumi/sdk/v3 v3.230.0

replace example.com/pulumi-gatehouse/sdk/go => ./sdks/gatehouse
