/** Starts the app: sign-in if needed, otherwise the shell with its pages. */
import { render } from "preact";
import { App } from "./app.tsx";
import "./design/base.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
