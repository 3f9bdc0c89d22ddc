// One person at a checkpoint: document, notice and choice, and only then the camera. Plain modules, no build step.
// Whatever goes wrong is shown as "ordinary manual check", with what to do; nothing is kept after "Next person".

import { $, Problem, call } from "./service.js";

const OUTCOMES = {
  match: "Match",
  no_match: "No match",
  referred: "Referred",
  not_compared: "Not compared",
  opted_out: "The person refused",
};
const STEPS = {
  proceed: "Proceed.",
  refer_to_officer: "Refer to an officer.",
  manual_check: "Ordinary manual check.",
};
const NOTES = { no_match: "Most people who are referred are who they say they are." };
const CLASSES = { unknown: "unknown (may refuse)" };
const EVIDENCE = {
  unmeasured: "Trial: nobody measured how often this errs here.",
  extrapolated: "Trial: how often this errs was extrapolated from smaller galleries.",
};
const ATTEMPTS = 3;

// phase: "person" (document, notice, choice), "photos" (an encounter is open), "outcome" (it ended).
const state = { phase: "person", busy: false, charters: [], galleries: [], token: "", encounter: "", attempt: 1, photographs: {}, stream: null };

// Runs one step; while it runs nothing can be pressed, and a fault is told as what it means for the person.
async function step(words, action) {
  state.busy = true;
  $("trouble").hidden = true;
  refresh();
  $("busy").textContent = words;
  let focus = null;
  try {
    focus = await action();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showTrouble(problem);
    focus = $("trouble");
  } finally {
    state.busy = false;
    $("busy").textContent = "";
    refresh();
    focus?.focus();
  }
}

// What may be used now follows from the phase alone: before the choice no camera, after it no other person.
function refresh() {
  const { phase, busy } = state;
  $("person").disabled = $("refuses").disabled = $("agrees").disabled = busy || phase !== "person";
  $("photos").disabled = busy || phase !== "photos";
  $("compare").disabled = !wanted().every((kind) => state.photographs[kind]);
  for (const card of document.querySelectorAll(".card")) card.hidden = (card.id === "outcome") !== (phase === "outcome");
  $("next").disabled = $("refer").disabled = busy;
  if (phase === "person") $("photos-hint").textContent = "First the choice above. Until then no camera is used.";
}

function showTrouble(problem) {
  $("trouble-title").textContent = "No answer: ordinary manual check";
  $("trouble-detail").textContent = problem.message;
  $("trouble-remedy").textContent = problem.remedy ?? "";
  $("trouble-code").textContent = problem.code;
  $("trouble").hidden = false;
}

// --- 1: who is here -----------------------------------------------------------------------------------------------
function options(select, pairs) {
  select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
}

function place() {
  const [sha, checkpoint] = $("checkpoint").value.split(" ");
  const charter = state.charters.find((one) => one.charter === sha);
  return { charter, checkpoint: charter?.checkpoints.find((one) => one.checkpoint === checkpoint) };
}

function mayRefuse() {
  const rules = place().charter?.eligibility ?? [];
  const who = $("person-class").value;
  const rule = rules.find((one) => one.person_class === who) ?? rules.find((one) => one.person_class === "everyone");
  if (who === "unknown" || !rule || rule.may_refuse) return true;
  const byAge = rule.exempt_under > 0 || rule.exempt_over >= 0;
  return byAge && $("age").value === "";
}

function showPlace() {
  const { charter, checkpoint } = place();
  if (!charter) return;
  const identify = charter.mode === "identify";
  const known = charter.eligibility.map((one) => one.person_class).filter((one) => one !== "everyone");
  const classes = [...known, "unknown"];
  options($("person-class"), [...new Set(classes)].map((one) => [one, CLASSES[one] ?? one]));
  $("gallery").closest("p").hidden = !identify;
  const open = state.galleries.filter((one) => one.open && one.checkpoint === checkpoint.checkpoint);
  options($("gallery"), open.length ? open.map((one) => [one.gallery, `${one.gallery} (${one.size})`]) : [["", "none is open"]]);
  $("portrait-box").hidden = $("reference-years").closest("p").hidden = identify;
  $("place").textContent = charter.place;
  $("trial").textContent = EVIDENCE[charter.evidence] ?? "";
  $("trial").hidden = !EVIDENCE[charter.evidence];
  const notices = charter.notices.filter((one) => one.notice_id === checkpoint.notice_id);
  options($("language"), notices.map((one) => [one.language, languageName(one.language)]));
  showNotice();
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

// --- 2: notice and choice -----------------------------------------------------------------------------------------
function showNotice() {
  const { charter, checkpoint } = place();
  const notice = charter.notices.find((one) => one.notice_id === checkpoint.notice_id && one.language === $("language").value);
  // A charter's text is wrapped for its file; on the page a sentence goes on where its line was cut.
  $("notice").textContent = notice?.text.replace(/([^.!?:\n])\n(?=\S)/g, "$1 ") ?? "This checkpoint has no notice.";
  $("notice").lang = notice?.language ?? "en";
  $("refuses").hidden = !mayRefuse();
  $("offer").textContent = mayRefuse()
    ? "Show this to the person, and say that they may refuse. No reason is asked."
    : "Show this to the person. People of this class are not entitled to refuse here.";
}

async function open() {
  const { checkpoint, charter } = place();
  const years = (id) => ($(id).value === "" ? -1 : Number($(id).value));
  const identify = charter.mode === "identify";
  return call("POST", "/encounters", {
    checkpoint: checkpoint.checkpoint,
    eligibility: {
      person_class: $("person-class").value,
      age: years("age"),
      reference_years: identify ? -1 : years("reference-years"),
      refusal_offered: mayRefuse(),
    },
    gallery: identify ? $("gallery").value : "",
    claim: $("claim").value.trim(),
  });
}

async function refuse() {
  if (!state.token) {
    const opened = await open();
    if (opened.outcome !== "opened") return showOutcome(opened);
    state.token = opened.token;
  }
  return showOutcome(await call("POST", "/opt-outs", null, { "Countenance-Token": state.token }));
}

async function agree() {
  const opened = await open();
  if (opened.outcome !== "opened") return showOutcome(opened);
  state.token = opened.token;
  state.attempt = 1;
  state.phase = "photos";
  $("refuses-late").hidden = !opened.may_refuse;
  $("photos-hint").textContent = `Send them by ${new Date(opened.expires_at).toLocaleTimeString()}.`;
  return $("photos-title");
}

// --- 3: photographs -----------------------------------------------------------------------------------------------
function wanted() {
  return place().charter?.mode === "identify" ? ["live"] : ["live", "portrait"];
}

function keep(kind, blob) {
  forget(kind);
  state.photographs[kind] = blob;
  const image = $(`${kind}-preview`);
  image.src = URL.createObjectURL(blob);
  image.alt = kind === "live" ? "The photograph of the person now" : "The document's portrait";
  image.hidden = false;
  $(`${kind}-box`).classList.remove("wanted");
  refresh();
}

function forget(kind) {
  const image = $(`${kind}-preview`);
  if (image.src) URL.revokeObjectURL(image.src);
  image.removeAttribute("src");
  image.hidden = true;
  delete state.photographs[kind];
  $(kind).value = "";
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Problem({ detail: "The photograph cannot be read.", remedy: "Choose it again.", code: "file" }));
    reader.readAsDataURL(blob);
  });
}

async function compare() {
  const body = { attempt: state.attempt };
  for (const kind of wanted()) body[kind] = await base64(state.photographs[kind]);
  const path = wanted().length === 1 ? "/page/identifications" : "/page/verifications";
  const reply = await call("POST", path, body, { "Countenance-Token": state.token });
  if (reply.outcome === "retry") return again(reply);
  return showOutcome(reply);
}

function again(reply) {
  const kind = reply.reason.startsWith("reference.") ? "portrait" : "live";
  state.attempt = ATTEMPTS - reply.attempts_left + 1;
  forget(kind);
  $(`${kind}-box`).classList.add("wanted");
  const what = kind === "live" ? "Another photograph of the person, please." : "Another photograph of the document's portrait, please.";
  const left = reply.attempts_left === 1 ? "One attempt is left." : `${reply.attempts_left} attempts are left.`;
  $("retry").textContent = `${what} ${reply.advice} ${left}`;
  $("retry").hidden = false;
  return $(kind);
}

// --- the camera ---------------------------------------------------------------------------------------------------
async function startCamera(kind) {
  try {
    const facingMode = kind === "live" ? "user" : "environment";
    state.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode, width: { ideal: 1280 } } });
  } catch {
    throw new Problem({ detail: "There is no camera that this page may use.", remedy: "Choose a file instead.", code: "camera" });
  }
  $("camera").dataset.kind = kind;
  $("camera-take").disabled = true; // until there is a picture to take
  $("camera-title").textContent = $(`${kind}-title`).textContent;
  $("video").srcObject = state.stream;
  $("camera").showModal();
}

function stopCamera() {
  state.stream?.getTracks().forEach((track) => track.stop());
  state.stream = null;
  $("video").srcObject = null;
}

function take() {
  const video = $("video");
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  canvas.toBlob((blob) => {
    if (blob) keep($("camera").dataset.kind, blob);
    $("camera").close();
  }, "image/jpeg", 0.95);
}

// --- the outcome --------------------------------------------------------------------------------------------------
function showOutcome(reply) {
  $("outcome-title").textContent = OUTCOMES[reply.outcome] ?? reply.outcome;
  $("outcome-step").textContent = STEPS[reply.next_step] ?? reply.next_step;
  const told = reply.rules.some((rule) => rule.sentence === reply.advice) ? "" : reply.advice;
  $("outcome-advice").textContent = [told, NOTES[reply.outcome]].filter(Boolean).join(" ");
  $("outcome").className = `card outcome ${reply.next_step}`;
  $("rules").replaceChildren(...reply.rules.map((rule) => Object.assign(document.createElement("li"), { textContent: rule.sentence })));
  $("rules-block").hidden = reply.rules.length === 0;
  fact("matched", reply.reference_id);
  fact("point", reply.operating_point);
  const evidence = place().charter?.evidence;
  $("evidence").textContent = evidence in EVIDENCE ? ` (${evidence})` : "";
  $("commitment").textContent = reply.receipt.commitment;
  $("include-by").textContent = new Date(reply.receipt.include_by).toLocaleString();
  $("receipt").textContent = JSON.stringify(reply.receipt, null, 2);
  end();
  state.encounter = reply.encounter_id;
  state.phase = "outcome";
  const referred = reply.next_step === "refer_to_officer";
  $("refer-block").hidden = referred || reply.outcome === "opted_out"; // refusing has no consequence
  $("referral-block").hidden = true;
  if (referred) showReferral("Give the person the receipt. Whom the officer may not clear, a supervisor does, who was told.");
  return $("outcome-title");
}

// --- another human ------------------------------------------------------------------------------------------------
async function refer() {
  const body = { encounter: state.encounter, reason: $("refer-reason").value };
  const { redress } = await call("POST", "/referrals", body);
  $("refer-block").hidden = true;
  showReferral(redress.standing);
  return $("redress");
}

function showReferral(words) {
  $("referral-standing").textContent = words;
  $("redress").href = `/referrals/${state.encounter}/redress/page`;
  $("referral-block").hidden = false;
}

function fact(name, value) {
  $(name).textContent = value;
  $(`${name}-row`).hidden = !value;
}

// Forgets the encounter and its photographs: the page keeps no face longer than the service does.
function end() {
  state.token = "";
  state.attempt = 1;
  forget("live");
  forget("portrait");
  for (const box of document.querySelectorAll(".wanted")) box.classList.remove("wanted");
  $("retry").hidden = true;
  $("photos-hint").textContent = "";
}

async function next() {
  end();
  state.encounter = "";
  $("redress").href = "/";
  state.phase = "person";
  for (const id of ["commitment", "receipt", "matched"]) $(id).textContent = "";
  $("claim").value = $("age").value = $("reference-years").value = "";
  await load();
  return $("checkpoint");
}

// --- beginning ----------------------------------------------------------------------------------------------------
async function load() {
  const chosen = $("checkpoint").value;
  state.charters = (await call("GET", "/charters")).filter((one) => one.in_force);
  state.galleries = state.charters.some((one) => one.mode === "identify") ? await call("GET", "/galleries") : [];
  const places = state.charters.flatMap((charter) =>
    charter.checkpoints.map((one) => [`${charter.charter} ${one.checkpoint}`, one.name]));
  options($("checkpoint"), places);
  if (places.some(([value]) => value === chosen)) $("checkpoint").value = chosen;
  if (!places.length) {
    throw new Problem({ detail: "No charter is in force at this site.", remedy: "Ask the controller.", code: "charter.not_in_force" });
  }
  showPlace();
}

$("checkpoint").addEventListener("change", showPlace);
$("person-class").addEventListener("change", showNotice);
$("age").addEventListener("change", showNotice);
$("language").addEventListener("change", showNotice);
$("refuses").addEventListener("click", () => step("Recording the refusal …", refuse));
$("refuses-late").addEventListener("click", () => step("Recording the refusal …", refuse));
$("agrees").addEventListener("click", () => step("Opening the encounter …", agree));
$("compare").addEventListener("click", () => step("Comparing …", compare));
$("refer").addEventListener("click", () => step("Referring …", refer));
$("next").addEventListener("click", () => step("", next));
for (const kind of ["live", "portrait"]) {
  $(kind).addEventListener("change", () => $(kind).files[0] && keep(kind, $(kind).files[0]));
  $(`${kind}-camera`).addEventListener("click", () => step("Starting the camera …", () => startCamera(kind)));
}
$("video").addEventListener("loadeddata", () => { $("camera-take").disabled = false; });
$("camera-take").addEventListener("click", take);
$("camera-cancel").addEventListener("click", () => $("camera").close());
$("camera").addEventListener("close", stopCamera);

step("Loading …", load);
