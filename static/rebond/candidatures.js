// Enhancements of a territory's pages: everything works without this file.

/** Once a row has been added or removed, the keyboard goes on from there. */
const reprise = document.querySelector("[data-porter-ici]");
if (reprise) {
  const lignes = reprise.querySelectorAll("fieldset.rebond-ligne");
  (lignes[lignes.length - 1] || reprise).focus();
}

/** Overseas, a deadline is also told in the reader's own time. */
for (const echeance of document.querySelectorAll("time[data-heure-locale]")) {
  const instant = new Date(echeance.dateTime);
  const format = { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  const ici = instant.toLocaleString("fr-FR", format);
  const paris = instant.toLocaleString("fr-FR", { ...format, timeZone: "Europe/Paris" });
  if (ici !== paris) echeance.append(`, soit le ${ici.replace(/^1 /, "1er ")} à votre heure`);
}

/**
 * Suggestions of EPCI under the search field: the ARIA « combobox with list » pattern.
 * Choosing one sends the form with it; typing a whole search and pressing Enter still works.
 */
for (const formulaire of document.querySelectorAll("[data-recherche-epci]")) {
  const saisie = formulaire.querySelector("input[name=q]");
  if (saisie) proposer(formulaire, saisie);
}

function proposer(formulaire, saisie) {
  const cadre = document.createElement("div");
  cadre.className = "rebond-suggestions";
  const liste = document.createElement("ul");
  liste.id = `${saisie.id}_suggestions`;
  liste.setAttribute("role", "listbox");
  liste.setAttribute("aria-label", "Intercommunalités proposées");
  liste.hidden = true;
  const annonce = document.createElement("p");
  annonce.className = "fr-sr-only";
  annonce.setAttribute("role", "status");
  cadre.append(liste, annonce);
  saisie.after(cadre);
  saisie.setAttribute("role", "combobox");
  saisie.setAttribute("aria-autocomplete", "list");
  saisie.setAttribute("aria-expanded", "false");
  saisie.setAttribute("aria-controls", liste.id);

  let attente = 0;
  let demande = null;
  let rang = -1;

  const fermer = () => {
    liste.hidden = true;
    rang = -1;
    saisie.setAttribute("aria-expanded", "false");
    saisie.removeAttribute("aria-activedescendant");
  };

  const choisir = (option) => {
    const champ = document.createElement("input");
    champ.type = "hidden";
    champ.name = "epci";
    champ.value = option.dataset.siren;
    formulaire.append(champ);
    saisie.disabled = true;
    formulaire.submit();
  };

  const designer = (nouveau) => {
    const options = liste.children;
    if (!options.length) return;
    rang = (nouveau + options.length) % options.length;
    for (const [position, option] of [...options].entries()) {
      option.setAttribute("aria-selected", String(position === rang));
    }
    saisie.setAttribute("aria-activedescendant", options[rang].id);
    options[rang].scrollIntoView({ block: "nearest" });
  };

  const montrer = (resultats) => {
    rang = -1;
    saisie.removeAttribute("aria-activedescendant");
    liste.replaceChildren(
      ...resultats.slice(0, 8).map((resultat) => {
        const option = document.createElement("li");
        option.id = `${liste.id}_${resultat.siren}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.siren = resultat.siren;
        option.textContent = resultat.libelle;
        // Before the field loses the focus, which would close the list.
        option.addEventListener("mousedown", (evenement) => {
          evenement.preventDefault();
          choisir(option);
        });
        return option;
      }),
    );
    const nombre = liste.children.length;
    liste.hidden = nombre === 0;
    saisie.setAttribute("aria-expanded", String(nombre > 0));
    annonce.textContent = nombre ? `${nombre} proposition${nombre > 1 ? "s" : ""}` : "Aucune proposition";
  };

  const demander = async () => {
    const texte = saisie.value.trim();
    if (demande) demande.abort();
    if (texte.length < 2) return fermer();
    demande = new AbortController();
    const { signal } = demande;
    try {
      const adresse = `${formulaire.dataset.rechercheEpci}?q=${encodeURIComponent(texte)}`;
      const reponse = await fetch(adresse, { signal, headers: { Accept: "application/json" } });
      if (reponse.ok) montrer((await reponse.json()).resultats);
    } catch {
      if (!signal.aborted) fermer();
    }
  };

  /** Also of what is on its way: a list that opened afterwards would cover the button below. */
  const renoncer = () => {
    clearTimeout(attente);
    if (demande) demande.abort();
    fermer();
  };

  saisie.addEventListener("input", () => {
    clearTimeout(attente);
    attente = setTimeout(demander, 200);
  });
  saisie.addEventListener("blur", renoncer);
  saisie.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape") renoncer();
    if (liste.hidden) return;
    if (evenement.key === "ArrowDown") designer(rang + 1);
    else if (evenement.key === "ArrowUp") designer(rang < 0 ? -1 : rang - 1);
    else if (evenement.key === "Enter" && rang >= 0) choisir(liste.children[rang]);
    else return;
    evenement.preventDefault();
  });
}

/** Messages that were shown are read: told to the portal without leaving the page. */
const lus = document.querySelector("form[data-marquer-lus]");
if (lus) {
  fetch(lus.action, { method: "POST", body: new FormData(lus), redirect: "manual" })
    .then(() => lus.remove())
    .catch(() => {});
}
