// What waits for a human: who was told, what stopped, who stands there. A decision is a person's; the page has no score.

import { $, Problem, call } from "./service.js";

const make = (name, text, properties = {}) => Object.assign(document.createElement(name), { textContent: text }, properties);

const STEPS = {
  waiting: [["clear", "Clear: the person goes on"], ["send_on", "Send to secondary inspection"]],
  secondary: [["clear", "Clear: the person goes on"], ["find", "Decide against the person"]],
  cleared: [["contest", "The person contests"]],
  adverse: [["contest", "The person contests"]],
  lapsed: [["contest", "The person contests"]],
  contested: [["correct", "The person is right"], ["uphold", "The decision stands"]],
};
const FACTS = {
  document_fault: "A fault in the document itself",
  statement: "What the person said",
  biographic_mismatch: "Details that differ between document and booking or register",
  independent_record: "A record made without this comparison",
};
const TOLD = {
  no_match: "No match: the person is in secondary inspection",
  came_back: "A person whose referral is open came to a checkpoint again",
  override_refused: "Somebody tried to end what is another human's",
  contested: "A person contests",
  suspended: "A charter stopped: too many people were referred",
};

const state = { current: "", pictures: [] };

// Runs one act; a refusal is told with what to do, and nothing on the page changes.
async function act(words, action) {
  $("trouble").hidden = true;
  $("busy").textContent = words;
  try {
    (await action())?.focus();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("trouble-title").textContent = problem.message;
    $("trouble-remedy").textContent = problem.remedy;
    $("trouble-code").textContent = problem.code;
    $("trouble").hidden = false;
    $("trouble").focus();
  } finally {
    $("busy").textContent = "";
  }
}

function row(text, button, action) {
  const item = make("li", "");
  const control = make("button", button, { type: "button", className: "plain" });
  control.setAttribute("aria-label", `${button}: ${text}`);
  control.addEventListener("click", action);
  item.append(make("span", text), " ", control);
  return item;
}

const minute = (text) => new Date(text).toLocaleString();

async function load() {
  const [told, stopped, waiting] = await Promise.all(["/notifications", "/suspensions", "/referrals"].map((path) => call("GET", path)));
  $("told").replaceChildren(...told.map((one) => {
    const also = one.contact ? `; tell ${one.contact}` : "";
    return row(`${minute(one.at)}, ${one.checkpoint}: ${TOLD[one.telling] ?? one.telling}${also}`, "Seen", () =>
      act("Recording …", async () => {
        await call("POST", `/notifications/${one.notification}/seen`);
        return load();
      }));
  }));
  $("told-none").hidden = told.length > 0;
  $("suspensions").replaceChildren(...stopped.map((one) => row(`${one.charter_id}: ${one.detail} Tell ${one.contact}.`, "Resume", () =>
    act("Resuming …", async () => {
      await call("POST", `/suspensions/${one.charter_id}/resumption`, { named: $("resume-named").value, reason: $("resume-reason").value });
      return load();
    }))));
  $("stopped").hidden = stopped.length === 0;
  $("waiting").replaceChildren(...waiting.map((one) => row(`${minute(one.opened_at)}, ${one.checkpoint}: ${one.state}`, "Open", () =>
    act("Opening …", () => open(one.referral_id)))));
  $("waiting-none").hidden = waiting.length > 0;
  return $("waiting-title");
}

function picture(id, base64, text) {
  const image = $(id);
  image.hidden = !base64;
  image.alt = base64 ? text : "";
  if (!base64) return image.removeAttribute("src");
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  image.src = URL.createObjectURL(new Blob([bytes]));
  state.pictures.push(image.src);
}

function forget() {
  state.pictures.splice(0).forEach((url) => URL.revokeObjectURL(url));
  for (const id of ["probe", "reference"]) picture(id, "", "");
  for (const id of ["named", "words"]) $(id).value = "";
  for (const box of document.querySelectorAll("#facts input")) box.checked = false;
}

async function open(reference) {
  const referral = await call("GET", `/referrals/${reference}`);
  forget();
  picture("probe", referral.probe, "The live photograph");
  picture("reference", referral.reference, "The document's portrait");
  return show(referral, await call("GET", `/referrals/${reference}/redress`));
}

function show(referral, redress) {
  state.current = referral.referral_id;
  $("case-title").textContent = `${redress.checkpoint}, ${minute(referral.opened_at)}`;
  $("case-why").textContent = redress.why;
  $("case-standing").textContent = redress.standing;
  $("basis").hidden = referral.state !== "secondary";
  $("steps").replaceChildren(...(STEPS[referral.state] ?? []).map(([event, words]) => {
    const button = make("button", words, { type: "button", className: event === "find" ? "plain" : "" });
    button.addEventListener("click", () => act("Recording …", () => take(event)));
    return button;
  }));
  $("redress").href = `/referrals/${state.current}/redress/page`;
  $("case").hidden = false;
  return $("case-title");
}

async function take(event) {
  const adverse = event === "find";
  const facts = [...document.querySelectorAll("#facts input:checked")].map((box) => box.value);
  const body = { event, second_facts: adverse ? facts : [], named: adverse ? $("named").value : "", words: $("words").value };
  const { referral, redress } = await call("POST", `/referrals/${state.current}/steps`, body);
  forget();
  show(referral, redress);
  await load();
  return $("case-title");
}

$("facts").replaceChildren(...Object.entries(FACTS).map(([fact, words]) => {
  const label = make("label", "", { className: "check" });
  label.append(make("input", "", { type: "checkbox", value: fact }), ` ${words}`);
  return label;
}));
act("Loading …", load);
