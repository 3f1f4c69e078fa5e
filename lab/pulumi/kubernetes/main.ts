// Entry point of the executable pulumi-resource-kubernetes.
import { serveProvider } from "../provider/grpc";
import { kubernetesProvider } from "./provider";

serveProvider("kubernetes", kubernetesProvider());
