// Stand-ins for Pulumi's language hosts of Go and Python, whose modules the Go module proxy does not serve. Each answers to the name of
// the official one that it is started by. The generators are Pulumi's own (pkg/v3/codegen). Kept here: what the engine asks of a host to
// install, link and run a program. What a host knows beyond that (policy packs, plugins, program generation) is refused by gRPC itself.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	pythongen "github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// language is what differs between the two.
type language interface {
	// generate writes a package's SDK as files by path.
	generate(pkg *schema.Package, local map[string]string, loader schema.ReferenceLoader) (map[string][]byte, error)
	// install makes a program's dependencies available in its folder.
	install(folder string, run runner) error
	// link makes the program in a folder depend on the SDK at a path below it.
	link(folder, path string, run runner) error
	// command runs the program.
	command(program program) (*exec.Cmd, error)
}

// runner runs a command in a folder, with its output where the user sees it.
type runner func(folder, name string, args ...string) error

type program struct {
	folder string
	env    []string
	run    *pulumirpc.RunRequest
	engine string
}

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	language language
	engine   string
}

func main() {
	name := filepath.Base(os.Args[0])
	languages := map[string]language{"pulumi-language-go": golang{}, "pulumi-language-python": python{}}
	chosen, known := languages[name]
	if !known {
		fmt.Fprintf(os.Stderr, "expected to be started as pulumi-language-go or pulumi-language-python, got %s\n", name)
		os.Exit(1)
	}
	// Flags that the engine gives to every host: nothing here needs them.
	flag.String("tracing", "", "")
	flag.String("root", "", "")
	flag.Parse()
	served := &host{language: chosen, engine: flag.Arg(0)}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, served)
			return nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "%s: a stand-in from Gatehouse's lab, not the official plugin (none was found on PATH)\n", name)
	fmt.Printf("%d\n", handle.Port)
	if err := <-handle.Done; err != nil {
		os.Exit(1)
	}
}

func (h *host) Handshake(_ context.Context, request *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	if request.EngineAddress != "" {
		h.engine = request.EngineAddress
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "0.0.0"}, nil
}

// The plugin of a linked package is named in Pulumi.yaml, where the engine finds it by itself.
func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return &pulumirpc.AboutResponse{}, nil
}

func (h *host) GetProgramDependencies(
	context.Context, *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	return &pulumirpc.GetProgramDependenciesResponse{}, nil
}

func (h *host) RuntimeOptionsPrompts(context.Context, *pulumirpc.RuntimeOptionsRequest) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

func (h *host) GeneratePackage(_ context.Context, request *pulumirpc.GeneratePackageRequest) (*pulumirpc.GeneratePackageResponse, error) {
	loader, err := schema.NewLoaderClient(request.LoaderTarget)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	files, err := h.language.generate(pkg, request.LocalDependencies, schema.NewCachedLoader(loader))
	if err != nil {
		return nil, err
	}
	for path, content := range files {
		target := filepath.Join(request.Directory, path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			return nil, err
		}
	}
	return &pulumirpc.GeneratePackageResponse{}, nil
}

func (h *host) Link(_ context.Context, request *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	folder := request.Info.ProgramDirectory
	for _, linked := range request.Packages {
		if err := h.language.link(folder, linked.Path, runQuietly); err != nil {
			return nil, err
		}
	}
	return &pulumirpc.LinkResponse{}, nil
}

func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(stream, request.IsTerminal)
	if err != nil {
		return err
	}
	defer closer.Close()
	return h.language.install(request.Info.ProgramDirectory, func(folder, name string, args ...string) error {
		command := exec.Command(name, args...)
		command.Dir, command.Stdout, command.Stderr = folder, stdout, stderr
		return command.Run()
	})
}

func (h *host) Run(_ context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	env, err := variables(h.engine, request)
	if err != nil {
		return nil, err
	}
	command, err := h.language.command(program{folder: request.Info.ProgramDirectory, env: env, run: request, engine: h.engine})
	if err != nil {
		return nil, err
	}
	command.Env = append(os.Environ(), env...)
	if command.Dir == "" {
		command.Dir = request.Pwd
	}
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	var exit *exec.ExitError
	switch err := command.Run(); {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == 32:
		// The program has said itself what is wrong.
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program ended with %v", err)}, nil
	}
}

// variables are what a program is told by its environment (sdk/v3/go/pulumi/run.go; the Python one reads the configuration alone).
func variables(engine string, request *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(request.Config)
	if err != nil {
		return nil, err
	}
	secret, err := json.Marshal(append([]string{}, request.ConfigSecretKeys...))
	if err != nil {
		return nil, err
	}
	return []string{
		"PULUMI_ORGANIZATION=" + request.Organization,
		"PULUMI_PROJECT=" + request.Project,
		"PULUMI_ROOT_DIRECTORY=" + request.Info.RootDirectory,
		"PULUMI_STACK=" + request.Stack,
		"PULUMI_CONFIG=" + string(config),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secret),
		"PULUMI_DRY_RUN=" + strconv.FormatBool(request.DryRun),
		"PULUMI_PARALLEL=" + strconv.Itoa(int(request.Parallel)),
		"PULUMI_MONITOR=" + request.MonitorAddress,
		"PULUMI_ENGINE=" + engine,
	}, nil
}

func runQuietly(folder, name string, args ...string) error {
	command := exec.Command(name, args...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, output)
	}
	return nil
}

type golang struct{}

func (golang) generate(pkg *schema.Package, local map[string]string, _ schema.ReferenceLoader) (map[string][]byte, error) {
	return gogen.GeneratePackage("pulumi-language-go", pkg, local)
}

func (golang) install(folder string, run runner) error {
	return run(folder, "go", "mod", "tidy", "-compat=1.18")
}

func (golang) link(folder, path string, run runner) error {
	sdk, err := os.ReadFile(filepath.Join(folder, path, "go.mod"))
	if err != nil {
		return err
	}
	module := strings.TrimSpace(strings.TrimPrefix(strings.SplitN(string(sdk), "\n", 2)[0], "module "))
	return run(folder, "go", "mod", "edit", "-replace", module+"=./"+filepath.ToSlash(path))
}

// command compiles first: what the compiler says is an error of the program, and no signal goes to `go run` instead of it.
func (golang) command(program program) (*exec.Cmd, error) {
	binary, err := os.CreateTemp("", "gatehouse-program-")
	if err != nil {
		return nil, err
	}
	binary.Close()
	if err := runQuietly(program.folder, "go", "build", "-o", binary.Name(), "."); err != nil {
		return nil, err
	}
	// The shell removes the file once the program has ended.
	return exec.Command("sh", "-c", `"$1"; status=$?; rm -f "$1"; exit $status`, "sh", binary.Name()), nil
}

type python struct{}

func (python) generate(pkg *schema.Package, _ map[string]string, loader schema.ReferenceLoader) (map[string][]byte, error) {
	return pythongen.GeneratePackage("pulumi-language-python", pkg, nil, loader)
}

// install makes the virtual environment `venv`, which the official host takes where `runtime.options.virtualenv` names it.
func (python) install(folder string, run runner) error {
	if _, err := os.Stat(filepath.Join(folder, "venv")); err != nil {
		if err := run(folder, "python3", "-m", "venv", "venv"); err != nil {
			return err
		}
	}
	return run(folder, filepath.Join(folder, "venv", "bin", "python"), "-m", "pip", "install", "--quiet", "-r", "requirements.txt")
}

func (python) link(folder, path string, _ runner) error {
	file := filepath.Join(folder, "requirements.txt")
	written, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	line := "./" + filepath.ToSlash(path)
	for _, known := range strings.Split(string(written), "\n") {
		if strings.TrimSuffix(strings.TrimSpace(known), "/") == line || strings.TrimSpace(known) == filepath.ToSlash(path) {
			return nil
		}
	}
	text := strings.TrimRight(string(written), "\n") + "\n" + line + "\n"
	return os.WriteFile(file, []byte(text), 0o644)
}

// The script that runs a program lies beside this binary: it comes with Pulumi's SDK for Python (python/cmd/pulumi-language-python-exec).
func (python) command(program program) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	run := program.run
	args := []string{
		"-u", filepath.Join(filepath.Dir(self), "pulumi-language-python-exec"),
		"--monitor", run.MonitorAddress, "--engine", program.engine, "--project", run.Project, "--organization", run.Organization,
		"--root_directory", run.Info.RootDirectory, "--stack", run.Stack, "--pwd", run.Pwd,
		"--dry_run", strconv.FormatBool(run.DryRun), "--parallel", strconv.Itoa(int(run.Parallel)),
		filepath.Join(program.folder, run.Info.EntryPoint),
	}
	return exec.Command(filepath.Join(program.folder, "venv", "bin", "python"), args...), nil
}
