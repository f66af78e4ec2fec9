// @ts-check
// Sending attachments piece by piece, with their progress, through lost connections (tus). Without this file, or
// without the library beside it, the forms send the same files in one go.

const REPRISES = [500, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 30000, 60000, 60000, 60000];
const PALIER = 25;
const SANS_REPONSE = "Le portail ne répond pas. Vérifiez votre connexion, puis reprenez\u00a0: rien de ce qui est arrivé n’est perdu.";
const PAGE_PERIMEE =
  "Cette page a expiré. Rechargez-la, puis choisissez de nouveau ce fichier\u00a0: l’envoi reprendra là où il s’est arrêté.";

/**
 * @typedef {ReturnType<typeof nouvelleLigne>} Ligne
 * @typedef {Record<string, () => void>} Actions label of a button, and what it does
 */

/** @type {HTMLElement | null} */
const zone = document.querySelector("[data-televersements]");
const reglages = {
  adresse: zone?.dataset.televersements ?? "",
  tailleMax: Number(zone?.dataset.tailleMax),
  morceau: Number(zone?.dataset.morceau),
  vers: zone?.dataset.vers ?? "",
};
// The library is a deferred script that stands before this module: it has run.
if (zone && reglages.adresse && window.tus?.isSupported) {
  /** @type {NodeListOf<HTMLElement>} */
  const places = zone.querySelectorAll("[data-envoi]");
  for (const cadre of places) amenager(cadre);
}

/**
 * Turn a form into a place where files are dropped or chosen, several at once, and leave at once.
 * @param {HTMLElement} cadre
 */
function amenager(cadre) {
  const formulaire = /** @type {HTMLFormElement} */ (cadre.querySelector("form"));
  const champ = /** @type {HTMLInputElement} */ (formulaire.querySelector("input[type=file]"));
  const seul = Boolean(cadre.dataset.remplace);
  champ.multiple = !seul;
  formulaire.classList.add("rebond-depose");
  const invite = document.createElement("p");
  invite.className = "fr-text--bold fr-mb-1w";
  invite.textContent = seul ? "Glissez le nouveau fichier ici, ou choisissez-le." : "Glissez vos fichiers ici, ou choisissez-les.";
  formulaire.prepend(invite);
  for (const bouton of formulaire.querySelectorAll("[type=submit]")) bouton.closest("ul")?.setAttribute("hidden", "");
  const liste = document.createElement("ul");
  liste.className = "rebond-envois";
  const annonce = document.createElement("p");
  annonce.className = "fr-sr-only";
  annonce.setAttribute("role", "status");
  cadre.append(liste, annonce);

  // One after the other: a slow line is not shared, and what is done is done.
  let file = Promise.resolve();
  /** @param {File[]} fichiers */
  const envoyer = (fichiers) => {
    for (const fichier of seul ? fichiers.slice(0, 1) : fichiers) {
      const ligne = nouvelleLigne(liste, annonce, fichier);
      file = file.then(() => envoi(cadre, fichier, ligne));
    }
    champ.value = "";
  };

  const choisis = () => [...(champ.files ?? [])];
  champ.addEventListener("change", () => envoyer(choisis()));
  formulaire.addEventListener("submit", (evenement) => {
    evenement.preventDefault();
    if (choisis().length) envoyer(choisis());
    else champ.focus();
  });
  let survols = 0;
  /** @param {number} difference */
  const survoler = (difference) => {
    survols = Math.max(survols + difference, 0);
    formulaire.classList.toggle("rebond-depose--survolee", survols > 0);
  };
  formulaire.addEventListener("dragenter", (evenement) => {
    evenement.preventDefault();
    survoler(1);
  });
  formulaire.addEventListener("dragover", (evenement) => evenement.preventDefault());
  formulaire.addEventListener("dragleave", () => survoler(-1));
  formulaire.addEventListener("drop", (evenement) => {
    evenement.preventDefault();
    survoler(-survols);
    envoyer([...(evenement.dataTransfer?.files ?? [])]);
  });
}

// A file dropped beside a place would otherwise open instead of the page, and what is under way would be lost.
for (const nom of ["dragover", "drop"]) {
  window.addEventListener(nom, (evenement) => evenement.preventDefault());
}

// Of a file's name, what would show the sentence after it in another order.
const SENS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The line of one file: its name, a bar, a sentence, and the buttons that make sense at the moment.
 * @param {HTMLUListElement} liste
 * @param {HTMLElement} annonce what is read out
 * @param {File} fichier
 */
function nouvelleLigne(liste, annonce, fichier) {
  const nom = fichier.name.replace(SENS, "");
  const element = document.createElement("li");
  element.className = "rebond-envoi";
  const phrase = document.createElement("p");
  const barre = document.createElement("progress");
  barre.max = 100;
  barre.value = 0;
  barre.setAttribute("aria-label", `Envoi de ${nom}`);
  const boutons = document.createElement("p");
  element.append(phrase, barre, boutons);
  liste.append(element);
  let palier = 0;

  /** @param {string} texte */
  const dire = (texte, { aussi = false } = {}) => {
    phrase.textContent = `${nom}\u00a0: ${texte}`;
    if (aussi) annonce.textContent = phrase.textContent;
  };
  dire("en attente");
  return {
    dire,
    /** @param {number} recus bytes */
    avancer(recus) {
      const part = Math.floor((100 * recus) / fichier.size);
      barre.value = part;
      dire(`${part}\u00a0% (${octets(recus)} sur ${octets(fichier.size)})`, { aussi: part >= palier });
      if (part >= palier) palier += PALIER;
    },
    /** @param {Actions} actions */
    proposer(actions) {
      boutons.replaceChildren(
        ...Object.entries(actions).map(([libelle, agir]) => {
          const bouton = document.createElement("button");
          bouton.type = "button";
          bouton.className = "fr-btn fr-btn--sm fr-btn--tertiary fr-mr-1w";
          bouton.textContent = libelle;
          bouton.addEventListener("click", agir);
          return bouton;
        }),
      );
    },
    /** @param {string} texte */
    refuser(texte) {
      barre.hidden = true;
      phrase.className = "fr-error-text fr-mt-0";
      dire(texte, { aussi: true });
    },
    reprendre() {
      barre.hidden = false;
      phrase.className = "";
    },
    finir() {
      element.remove();
    },
  };
}

/**
 * Send one file to its end. Resolves once there is nothing more to do about it, whatever the outcome.
 * @param {HTMLElement} cadre
 * @param {File} fichier
 * @param {Ligne} ligne
 * @returns {Promise<void>}
 */
function envoi(cadre, fichier, ligne) {
  const { nature = "", membre = "", remplace = "" } = cadre.dataset;
  if (fichier.size > reglages.tailleMax) {
    ligne.refuser(`ce fichier dépasse la taille permise, ${octets(reglages.tailleMax)}. Réduisez-le, ou partagez-le.`);
    ligne.proposer({ Fermer: () => ligne.finir() });
    return Promise.resolve();
  }
  return new Promise((resoudre) => {
    const clore = () => {
      window.removeEventListener("online", reprendre);
      window.removeEventListener("beforeunload", retenir);
      resoudre();
    };
    /** @param {string} texte */
    const echouer = (texte) => {
      ligne.refuser(texte);
      ligne.proposer({ Fermer: () => ligne.finir() });
      clore();
    };
    const upload = new window.tus.Upload(fichier, {
      endpoint: reglages.adresse,
      chunkSize: reglages.morceau,
      headers: { "X-CSRFToken": jeton() },
      metadata: { nom: fichier.name, nature, membre, remplace },
      retryDelays: REPRISES,
      removeFingerprintOnSuccess: true,
      // The same file sent to another place is another upload.
      fingerprint: async () =>
        ["rebond", reglages.adresse, nature, membre, remplace, fichier.name, fichier.size, fichier.lastModified].join("|"),
      onProgress: (recus) => ligne.avancer(recus),
      onShouldRetry: (erreur) => {
        const statut = erreur.originalResponse?.getStatus() ?? 0;
        const encore = statut === 0 || statut === 409 || statut === 423 || statut === 429 || statut >= 500;
        if (encore && statut === 0) ligne.dire("connexion perdue, l’envoi reprendra tout seul dès qu’elle reviendra", { aussi: true });
        return encore;
      },
      onError: (erreur) => {
        const reponse = erreur.originalResponse;
        if (reponse) return echouer(phraseDe(reponse));
        ligne.refuser(SANS_REPONSE);
        ligne.proposer({ Reprendre: reprendre, Annuler: annuler });
      },
      onSuccess: () => conclure(cadre, upload, ligne, clore, echouer),
    });
    const annuler = () => {
      upload.abort(true).catch(() => {});
      ligne.finir();
      clore();
    };
    const partir = async () => {
      ligne.reprendre();
      ligne.proposer({ Annuler: annuler });
      const [precedent] = upload.url ? [] : await upload.findPreviousUploads();
      if (precedent) upload.resumeFromPreviousUpload(precedent);
      upload.start();
    };
    const reprendre = async () => {
      await upload.abort();
      partir();
    };
    // Without waiting for the next attempt, as soon as the browser knows that the network is back.
    window.addEventListener("online", reprendre);
    window.addEventListener("beforeunload", retenir);
    partir();
  });
}

/**
 * Every byte has arrived: ask what has become of the file, as often as it takes, then show it in its place.
 * @param {HTMLElement} cadre
 * @param {tus.Upload} upload
 * @param {Ligne} ligne
 * @param {() => void} clore
 * @param {(texte: string) => void} echouer
 */
async function conclure(cadre, upload, ligne, clore, echouer) {
  ligne.proposer({});
  ligne.dire("reçu, vérification en cours");
  for (const delai of [0, ...REPRISES]) {
    await new Promise((suite) => setTimeout(suite, delai));
    try {
      const reponse = await fetch(String(upload.url), {
        method: "POST",
        headers: { "X-CSRFToken": jeton(), "Tus-Resumable": "1.0.0", Accept: "application/json" },
      });
      if (reponse.status === 401 || reponse.status === 403) return echouer(PAGE_PERIMEE);
      if (!reponse.ok) continue;
      const { termine, refus } = await reponse.json();
      if (!termine) continue;
      if (refus) return echouer(refus);
      ligne.dire("joint au brouillon", { aussi: true });
      clore();
      await montrer(cadre, ligne);
      return undefined;
    } catch {
      ligne.dire("reçu, le portail ne répond pas encore");
    }
  }
  return echouer(SANS_REPONSE);
}

/**
 * Show what the page now says of the attachments, without leaving it: other files may be on their way.
 * @param {HTMLElement} cadre
 * @param {Ligne} ligne
 */
async function montrer(cadre, ligne) {
  if (reglages.vers) {
    window.location.assign(reglages.vers);
    return;
  }
  const reponse = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
  if (!reponse.ok) return;
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  const place = /** @type {HTMLElement} */ (cadre.closest("[data-place]"));
  const nouvelle = page.getElementById(place.id);
  for (const partie of ["[data-place-pieces]", "[data-place-etat]"]) {
    const [ici, la] = [place.querySelector(partie), nouvelle?.querySelector(partie)];
    if (ici && la) ici.replaceChildren(...la.childNodes);
  }
  ligne.finir();
  // What has just been written above may have pushed it out of sight.
  if (cadre.contains(document.activeElement)) document.activeElement?.scrollIntoView({ block: "nearest" });
}

/** @param {Event} evenement */
function retenir(evenement) {
  evenement.preventDefault();
}

/**
 * What the portal answered, in its own words when it wrote some.
 * @param {tus.Reponse} reponse
 */
function phraseDe(reponse) {
  if (reponse.getHeader("Content-Type")?.startsWith("text/plain")) return reponse.getBody();
  return reponse.getStatus() === 403 || reponse.getStatus() === 401 ? PAGE_PERIMEE : SANS_REPONSE;
}

function jeton() {
  /** @type {HTMLInputElement | null} */
  const champ = document.querySelector("input[name=csrfmiddlewaretoken]");
  return champ?.value ?? "";
}

/** @param {number} taille bytes */
function octets(taille) {
  if (taille < 1024 * 1024) return `${Math.round(taille / 1024)}\u00a0ko`;
  return `${(taille / 1024 / 1024).toLocaleString("fr-FR", { maximumFractionDigits: 1 })}\u00a0Mo`;
}
