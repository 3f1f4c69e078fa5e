// Entry point of the executable pulumi-resource-keycloak.
import { serveProvider } from "../provider/grpc";
import { tableProvider } from "../provider/table";
import { keycloak } from "./table";

serveProvider("keycloak", tableProvider(keycloak));
