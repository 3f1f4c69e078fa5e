// Entry point of the executable pulumi-resource-azuread.
import { serveProvider } from "../provider/grpc";
import { tableProvider } from "../provider/table";
import { azuread } from "./table";

serveProvider("azuread", tableProvider(azuread));
