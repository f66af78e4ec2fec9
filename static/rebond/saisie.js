// @ts-check
// A section being written: it saves itself, says so, keeps a copy on this computer until the portal has answered, and
// shows who else is there. Everything works without this file, by the buttons of the page.

const DELAI = 2500; // after the last key
const AU_PLUS = 15000; // while someone keeps typing
const SIGNE_DE_VIE = 15000;
const ENVOI_MAX = 20000;

/**
 * @typedef {[string, FormDataEntryValue][]} Champs
 * @typedef {{ revision: string, champs: Champs, le: number, envoyee: boolean }} Copie what this computer keeps
 */

/** @type {HTMLFormElement | null} */
const formulaire = document.querySelector("form[data-saisie]");
if (formulaire) {
  montrerSelonLesReponses(formulaire);
  if (!("close" in formulaire.dataset)) enregistrerTout(formulaire);
}

/**
 * Conditional questions are hidden until their condition is met; what they hold is kept.
 * @param {HTMLFormElement} form
 */
function montrerSelonLesReponses(form) {
  /** @type {NodeListOf<HTMLElement>} */
  const boites = form.querySelectorAll("[data-condition]");
  if (!boites.length) return;
  const accorder = () => {
    const donnees = new FormData(form);
    for (const boite of boites) {
      const valeurs = String(boite.dataset.valeurs).split(" ");
      boite.hidden = !donnees.getAll(String(boite.dataset.condition)).some((valeur) => valeurs.includes(String(valeur)));
    }
  };
  form.addEventListener("change", accorder);
  form.addEventListener("rebond:repris", accorder);
  accorder();
}

/** @param {HTMLFormElement} form */
function enregistrerTout(form) {
  const cadre = /** @type {HTMLElement} */ (document.querySelector("[data-etat-saisie]"));
  const etat = /** @type {HTMLElement} */ (cadre.querySelector("[data-etat]"));
  const annonce = /** @type {HTMLElement} */ (cadre.querySelector("[data-annonce]"));
  const presents = /** @type {HTMLElement} */ (cadre.querySelector("[data-presents]"));
  const revision = /** @type {HTMLInputElement} */ (form.elements.namedItem("revision"));
  const { copie: cle = "", automatique = "", presence = "" } = form.dataset;

  // A page shown again as it was typed (a row added, a field to correct) is not saved yet.
  let enregistre = "nonEnregistre" in form.dataset ? "" : empreinte();
  let minuterie = 0;
  let premiereFrappe = 0;
  let enCours = false;
  let suspendu = false;
  let deconnecte = false;
  let envoiDuFormulaire = false;

  /** @type {(texte: string, genre: "attente" | "enregistre" | "erreur" | "hors-ligne", lien?: HTMLElement) => void} */
  const dire = (texte, genre, lien) => {
    etat.textContent = texte;
    if (lien) etat.append(" ", lien);
    cadre.dataset.genre = genre;
    // What is waiting is seen, and nobody is told of it at each key; what was just heard is not said again.
    const entendu = genre === "enregistre" ? "Vos réponses sont enregistrées dans le brouillon." : texte;
    if (genre !== "attente" && annonce.textContent !== entendu) annonce.textContent = entendu;
  };

  /** Everything typed, without what the page itself carries. */
  function saisie() {
    return [...new FormData(form)].filter(([nom]) => !["csrfmiddlewaretoken", "cle_d_envoi", "revision", "lecture", "suite"].includes(nom));
  }

  function empreinte() {
    return JSON.stringify(saisie());
  }

  /** @param {boolean} envoyee to be forgotten by the page that says that it is saved (candidatures.js) */
  const garderUneCopie = (envoyee) => {
    try {
      const copie = { revision: revision.value, champs: saisie(), le: Date.now(), envoyee };
      localStorage.setItem(cle, JSON.stringify(copie));
    } catch {
      // A browser that forbids it loses nothing more than this safety net.
    }
  };
  const oublierLaCopie = () => {
    try {
      localStorage.removeItem(cle);
    } catch {
      // Nothing was kept.
    }
  };

  proposerLaCopie();

  form.addEventListener("input", frapper);
  form.addEventListener("change", frapper);
  form.addEventListener("submit", () => {
    envoiDuFormulaire = true;
    clearTimeout(minuterie);
    garderUneCopie(true);
  });
  window.addEventListener("pageshow", (evenement) => {
    // « Précédent » brings the page back as it was when it was sent: it would save nothing more, nor know the revision.
    if (evenement.persisted && envoiDuFormulaire) window.location.replace(window.location.pathname);
  });
  window.addEventListener("online", () => enregistrer());
  window.addEventListener("focus", retrouver);
  window.addEventListener("beforeunload", (evenement) => {
    if (!envoiDuFormulaire && empreinte() !== enregistre) evenement.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") enregistrer();
    else retrouver();
  });
  setInterval(donnerSigneDeVie, SIGNE_DE_VIE);
  donnerSigneDeVie();
  frapper();

  function frapper() {
    if (empreinte() === enregistre) return;
    garderUneCopie(false);
    if (suspendu || deconnecte) return;
    dire("Modifications pas encore enregistrées…", "attente");
    premiereFrappe ||= Date.now();
    clearTimeout(minuterie);
    const attente = Math.min(DELAI, Math.max(0, premiereFrappe + AU_PLUS - Date.now()));
    minuterie = setTimeout(enregistrer, attente);
  }

  async function enregistrer() {
    const envoyee = empreinte();
    if (enCours || suspendu || deconnecte || envoiDuFormulaire || envoyee === enregistre) return;
    enCours = true;
    premiereFrappe = 0;
    dire("Enregistrement…", "attente");
    try {
      const reponse = await fetch(automatique, {
        method: "POST",
        // As the form itself is sent: a section may have more fields than the portal counts among files.
        body: new URLSearchParams([...new FormData(form)].map(([nom, valeur]) => [nom, String(valeur)])),
        headers: { Accept: "application/json" },
        redirect: "error",
        signal: AbortSignal.timeout(ENVOI_MAX),
      });
      await apprendre(reponse, envoyee);
    } catch {
      horsLigne();
    } finally {
      enCours = false;
    }
    if (!suspendu && !deconnecte && empreinte() !== enregistre && cadre.dataset.genre !== "hors-ligne") frapper();
  }

  function horsLigne() {
    dire("Connexion perdue. Ce que vous tapez est gardé sur cet ordinateur et sera enregistré dès son retour.", "hors-ligne");
    clearTimeout(minuterie);
    minuterie = setTimeout(enregistrer, 5000);
  }

  /**
   * @param {Response} reponse
   * @param {string} envoyee the print of what was sent
   */
  async function apprendre(reponse, envoyee) {
    if (reponse.status === 404 || reponse.status === 403) {
      suspendu = true;
      dire(
        "Le portail n’accepte plus vos modifications. Ce que vous avez tapé est gardé sur cet ordinateur : rechargez la page.",
        "erreur",
      );
      return;
    }
    if (reponse.status >= 500) throw new Error(String(reponse.status));
    const recu = await reponse.json();
    if (recu.etat === "deconnecte") return direDeconnecte(recu);
    if (recu.etat === "refus" || recu.etat === "conflit") {
      // In a conflict the button « Enregistrer » leads to the page where one chooses.
      suspendu = true;
      dire(recu.message, "erreur");
      return;
    }
    const rienDeTapeDepuis = empreinte() === envoyee;
    revision.value = recu.revision;
    direLesRubriques(recu.etats);
    reprendreDesAutres(recu.champs);
    enregistre = rienDeTapeDepuis ? empreinte() : envoyee;
    if (recu.recharger) {
      suspendu = true;
      dire(
        `${recu.par} a changé un tableau de cette rubrique. Vos réponses sont enregistrées : rechargez la page pour voir les siennes.`,
        "erreur",
      );
      return;
    }
    const lus = recu.relus.length ? ` Nous avons lu ${recu.relus.join(", ")}.` : "";
    if (recu.incomprises.length) {
      const noms = recu.incomprises.map((/** @type {string} */ nom) => `« ${nom} »`).join(", ");
      const pourquoi = recu.motifs.join(" ") || "cette réponse n’est pas encore comprise.";
      dire(`Enregistré, sauf ${noms} : ${pourquoi}${lus}`, "erreur");
      return;
    }
    oublierLaCopie();
    const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
    dire(`Tout est enregistré dans le brouillon (${heure}). ${recu.manques} ${recu.rappel}${lus}`, "enregistre");
  }

  /**
   * What is left to do in each section, beside the form.
   * @param {Record<string, string>} etats
   */
  function direLesRubriques(etats) {
    /** @type {NodeListOf<HTMLElement>} */
    const dits = document.querySelectorAll("[data-etat-rubrique]");
    for (const dit of dits) dit.textContent = etats[String(dit.dataset.etatRubrique)] ?? dit.textContent;
  }

  /**
   * Nothing is sent any more until one has signed in again, in another tab: this one keeps what was typed.
   * @param {{ message: string, connexion: string }} recu
   */
  function direDeconnecte(recu) {
    deconnecte = true;
    clearTimeout(minuterie);
    const lien = document.createElement("a");
    lien.href = recu.connexion;
    lien.target = "_blank";
    lien.rel = "noopener";
    lien.textContent = "Se connecter dans un nouvel onglet";
    dire(recu.message, "erreur", lien);
  }

  /** Back in this tab: the page, asked again, tells whether one is signed in, and carries the token of the new session. */
  async function retrouver() {
    if (!deconnecte) return;
    try {
      const reponse = await fetch(window.location.pathname, { redirect: "manual", signal: AbortSignal.timeout(ENVOI_MAX) });
      if (!reponse.ok) return;
      const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
      /** @type {HTMLInputElement | null} */
      const nouveau = page.querySelector("form[data-saisie] [name=csrfmiddlewaretoken]");
      if (!nouveau?.value) return;
      /** @type {NodeListOf<HTMLInputElement>} */
      const jetons = document.querySelectorAll("[name=csrfmiddlewaretoken]");
      for (const champ of jetons) champ.value = nouveau.value;
      deconnecte = false;
      enregistrer();
    } catch {
      // The next time that one comes back will tell.
    }
  }

  /**
   * What others saved in the meantime takes its place in the page, unless it has the focus.
   * @param {Record<string, string[]>} champs
   */
  function reprendreDesAutres(champs) {
    for (const [nom, valeurs] of Object.entries(champs)) poser(nom, valeurs);
    if (Object.keys(champs).length) form.dispatchEvent(new Event("rebond:repris"));
  }

  /** @type {(nom: string, valeurs: string[]) => void} */
  function poser(nom, valeurs) {
    /** @type {NodeListOf<HTMLInputElement>} */
    const controles = form.querySelectorAll(`[name="${CSS.escape(nom)}"]`);
    for (const controle of controles) {
      if (controle.type === "checkbox" || controle.type === "radio") controle.checked = valeurs.includes(controle.value);
      else controle.value = valeurs[0] ?? "";
    }
  }

  /** After a crash or a lost session: what was typed here and never reached the portal. */
  function proposerLaCopie() {
    /** @type {Copie | null} */
    let copie;
    try {
      copie = JSON.parse(localStorage.getItem(cle) ?? "null");
    } catch {
      return;
    }
    if (!copie || JSON.stringify(copie.champs) === enregistre) return oublierLaCopie();
    // The page answers to what was sent, and shows it with what is to be corrected, or one row more: the copy stays.
    if (copie.envoyee && "nonEnregistre" in form.dataset) return undefined;
    const gardee = copie;
    const boite = document.createElement("div");
    boite.className = "fr-alert fr-alert--info fr-mb-3w";
    boite.dataset.copieGardee = "";
    const titre = document.createElement("h2");
    titre.className = "fr-alert__title";
    titre.textContent = "Des réponses n’étaient pas enregistrées";
    const texte = document.createElement("p");
    const quand = new Date(gardee.le).toLocaleString("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    texte.textContent = `Cet ordinateur a gardé ce que vous aviez tapé le ${quand}.`;
    const reprendre = bouton("Reprendre et enregistrer ces réponses", "fr-btn fr-btn--sm", () => renvoyer(gardee));
    const laisser = bouton("Les oublier", "fr-btn fr-btn--sm fr-btn--tertiary", () => {
      oublierLaCopie();
      boite.remove();
    });
    const boutons = document.createElement("p");
    boutons.className = "rebond-boutons";
    boutons.append(reprendre, " ", laisser);
    boite.append(titre, texte, boutons);
    cadre.before(boite);
  }

  /**
   * As if the button had been pressed back then: the portal merges with what others saved since, or lets one choose.
   * @param {Copie} copie
   */
  function renvoyer(copie) {
    const envoi = document.createElement("form");
    envoi.method = "post";
    for (const [nom, valeur] of [["csrfmiddlewaretoken", jetonDe(form)], ["revision", copie.revision], ["suite", "ici"], ...copie.champs]) {
      const champ = document.createElement("textarea");
      champ.name = nom;
      champ.value = String(valeur);
      envoi.append(champ);
    }
    envoi.hidden = true;
    document.body.append(envoi);
    envoiDuFormulaire = true;
    localStorage.setItem(cle, JSON.stringify({ ...copie, envoyee: true }));
    envoi.submit();
  }

  async function donnerSigneDeVie() {
    if (!presence || document.visibilityState === "hidden" || !navigator.onLine || deconnecte) return;
    try {
      const corps = new FormData();
      corps.set("csrfmiddlewaretoken", jetonDe(form));
      const reponse = await fetch(presence, { method: "POST", body: corps, redirect: "error", signal: AbortSignal.timeout(ENVOI_MAX) });
      if (reponse.status === 401) return direDeconnecte(await reponse.json());
      if (!reponse.ok) return;
      const recu = await reponse.json();
      const noms = recu.presents.join(", ");
      presents.textContent = noms ? `${noms} ${recu.presents.length > 1 ? "ont" : "a"} aussi cette rubrique sous les yeux.` : "";
      if (recu.revision > Number(revision.value) && !enCours && !suspendu) {
        presents.textContent += ` ${recu.par} vient d’y enregistrer des réponses.`;
      }
    } catch {
      // The next sign of life will tell.
    }
  }
}

/** @param {HTMLFormElement} form */
function jetonDe(form) {
  return /** @type {HTMLInputElement} */ (form.querySelector("[name=csrfmiddlewaretoken]")).value;
}

/**
 * @param {string} libelle
 * @param {string} classe
 * @param {() => void} agir
 */
function bouton(libelle, classe, agir) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = classe;
  element.textContent = libelle;
  element.addEventListener("click", agir);
  return element;
}
