// @ts-check
// Suggestions of intercommunalités under every field that names one: the ARIA « combobox with list » pattern.
// Everything works without this file: the text is sent as it is, and the next page proposes what it may mean.

const DELAI = 200; // after the last key
const LETTRES_MIN = 2;
const PROPOSITIONS_MAX = 8;

/** @typedef {{ siren: string, saisie: string, libelle: string, precision?: string }} Resultat */

/** @type {NodeListOf<HTMLInputElement>} */
const saisies = document.querySelectorAll("input[data-epci]");
for (const saisie of saisies) proposer(saisie);

/** @param {HTMLInputElement} saisie */
function proposer(saisie) {
  const formulaire = /** @type {HTMLFormElement} */ (saisie.closest("form"));
  const cadre = document.createElement("div");
  cadre.className = "rebond-suggestions";
  const panneau = document.createElement("div");
  panneau.className = "rebond-suggestions__panneau";
  panneau.hidden = true;
  const titre = document.createElement("p");
  titre.className = "rebond-suggestions__titre";
  const liste = document.createElement("ul");
  liste.id = `${saisie.id}_suggestions`;
  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", "Intercommunalités proposées");
  // Written by the server, after the field: whom to ask when nothing is found.
  const modele = /** @type {HTMLTemplateElement | null} */ (
    formulaire.querySelector(`#${CSS.escape(saisie.id)} ~ template[data-epci-introuvable]`)
  );
  const recours = document.createElement("div");
  recours.className = "rebond-suggestions__recours";
  if (modele) recours.append(modele.content.cloneNode(true));
  panneau.append(titre, liste, recours);
  const annonce = document.createElement("p");
  annonce.className = "fr-sr-only";
  annonce.setAttribute("role", "status");
  cadre.append(panneau, annonce);
  saisie.after(cadre);
  saisie.setAttribute("role", "combobox");
  saisie.setAttribute("aria-autocomplete", "list");
  saisie.setAttribute("aria-expanded", "false");
  saisie.setAttribute("aria-controls", liste.id);

  let attente = 0;
  /** @type {AbortController | null} */
  let demande = null;
  let rang = -1;

  const ouverte = () => saisie.getAttribute("aria-expanded") === "true";

  const fermer = () => {
    panneau.hidden = true;
    rang = -1;
    annonce.textContent = "";
    saisie.setAttribute("aria-expanded", "false");
    saisie.removeAttribute("aria-activedescendant");
  };

  /** Also of what is on its way: a list that opened afterwards would cover the button below. */
  const renoncer = () => {
    clearTimeout(attente);
    if (demande) demande.abort();
    demande = null;
    fermer();
  };

  /** @param {HTMLElement} option */
  const choisir = (option) => {
    renoncer();
    if ("choisirEpci" in formulaire.dataset) {
      const champ = document.createElement("input");
      champ.type = "hidden";
      champ.name = "epci";
      champ.value = String(option.dataset.siren);
      formulaire.append(champ);
      saisie.disabled = true;
      formulaire.submit();
      return;
    }
    saisie.value = String(option.dataset.saisie);
    // Others listen to what is typed: the page saves itself.
    saisie.dispatchEvent(new Event("change", { bubbles: true }));
  };

  /** @param {number} nouveau */
  const designer = (nouveau) => {
    const options = liste.children;
    rang = (nouveau + options.length) % options.length;
    for (const [position, option] of [...options].entries()) {
      option.setAttribute("aria-selected", String(position === rang));
    }
    saisie.setAttribute("aria-activedescendant", options[rang].id);
    options[rang].scrollIntoView({ block: "nearest" });
  };

  /** @param {Resultat} resultat */
  const enOption = (resultat) => {
    const option = document.createElement("li");
    option.id = `${liste.id}_${resultat.siren}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.siren = resultat.siren;
    option.dataset.saisie = resultat.saisie;
    option.textContent = resultat.libelle;
    if (resultat.precision) {
      const precision = document.createElement("span");
      precision.className = "rebond-suggestions__precision";
      precision.textContent = resultat.precision;
      option.append(" ", precision);
    }
    // Before the field loses the focus, which would close the list.
    option.addEventListener("mousedown", (evenement) => {
      evenement.preventDefault();
      choisir(option);
    });
    return option;
  };

  /** @param {{ resultats: Resultat[], ressemblants: Resultat[], phrase: string, introuvable: boolean }} recu */
  const montrer = ({ resultats, ressemblants, phrase, introuvable }) => {
    // Whoever has left the field is about to press something else.
    if (document.activeElement !== saisie) return fermer();
    rang = -1;
    saisie.removeAttribute("aria-activedescendant");
    const propositions = (resultats.length ? resultats : ressemblants).slice(0, PROPOSITIONS_MAX);
    liste.replaceChildren(...propositions.map(enOption));
    const nombre = propositions.length;
    titre.textContent = resultats.length ? "" : nombre ? `${phrase} Vouliez-vous dire…` : phrase;
    titre.hidden = !titre.textContent;
    liste.hidden = nombre === 0;
    recours.hidden = !introuvable || !modele;
    panneau.hidden = nombre === 0 && titre.hidden;
    // A mere sentence lets the pointer through.
    panneau.classList.toggle("rebond-suggestions__panneau--vide", nombre === 0);
    saisie.setAttribute("aria-expanded", String(nombre > 0));
    const compte = nombre ? `${nombre} proposition${nombre > 1 ? "s" : ""}` : "";
    const aide = recours.hidden ? "" : recours.textContent.replace(/\s+/g, " ").trim();
    annonce.textContent = [titre.textContent, compte, aide].filter(Boolean).join(" ");
  };

  const demander = async () => {
    const texte = saisie.value.trim();
    if (demande) demande.abort();
    if (texte.length < LETTRES_MIN) return fermer();
    demande = new AbortController();
    const { signal } = demande;
    try {
      const adresse = `${saisie.dataset.epci}?q=${encodeURIComponent(texte)}`;
      const reponse = await fetch(adresse, { signal, headers: { Accept: "application/json" } });
      if (!reponse.ok) return;
      const recu = await reponse.json();
      if (!signal.aborted) montrer(recu);
    } catch {
      if (!signal.aborted) fermer();
    }
  };

  saisie.addEventListener("input", () => {
    clearTimeout(attente);
    attente = setTimeout(demander, DELAI);
  });
  // Whoever goes to what the panel offers keeps it open.
  /** @param {FocusEvent} evenement */
  const quitter = (evenement) => {
    const vers = /** @type {Node | null} */ (evenement.relatedTarget);
    if (vers === saisie || recours.contains(vers)) return;
    renoncer();
  };
  saisie.addEventListener("blur", quitter);
  recours.addEventListener("focusout", quitter);
  // Before the field loses the focus, which would take the link away from under the pointer.
  recours.addEventListener("mousedown", (evenement) => evenement.preventDefault());
  recours.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Escape") return;
    saisie.focus();
    renoncer();
  });
  formulaire.addEventListener("submit", renoncer);
  saisie.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape") renoncer();
    if (!ouverte()) {
      if (evenement.key === "ArrowDown") {
        evenement.preventDefault();
        demander();
      }
      return;
    }
    if (evenement.key === "ArrowDown") designer(rang + 1);
    else if (evenement.key === "ArrowUp") designer(rang < 0 ? -1 : rang - 1);
    else if (evenement.key === "Enter" && rang >= 0) choisir(/** @type {HTMLElement} */ (liste.children[rang]));
    else return;
    evenement.preventDefault();
  });
}
