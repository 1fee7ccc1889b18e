// Talking to authenticators. The JSON of WebAuthn Level 3 is turned into buffers by hand: our oldest browsers lack
// parseRequestOptionsFromJSON.
import { fetchJson } from "./fetch_json.ts";

interface Named {
  type: "public-key";
  id: string;
}
interface RequestJson {
  challenge: string;
  rpId: string;
  userVerification: UserVerificationRequirement;
  timeout: number;
  allowCredentials: Named[];
}
interface CreationJson {
  challenge: string;
  rp: PublicKeyCredentialRpEntity;
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: PublicKeyCredentialParameters[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: AttestationConveyancePreference;
  timeout: number;
  excludeCredentials: Named[];
}

export const available = typeof PublicKeyCredential === "function" && Boolean(navigator.credentials);

export async function autofillAvailable(): Promise<boolean> {
  if (!available || !PublicKeyCredential.isConditionalMediationAvailable) return false;
  return PublicKeyCredential.isConditionalMediationAvailable();
}

function bytes(text: string): ArrayBuffer {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const named = (list: Named[]): PublicKeyCredentialDescriptor[] => list.map(({ type, id }) => ({ type, id: bytes(id) }));

// Asks for a challenge at `options`, lets the person answer it, posts the answer to `answer`.
export async function prove(options: string, answer: string, how: { autofill?: boolean; signal?: AbortSignal } = {}): Promise<{ to: string }> {
  const json = await fetchJson<RequestJson>(options, { method: "POST", json: {} });
  const request: CredentialRequestOptions = {
    publicKey: { ...json, challenge: bytes(json.challenge), allowCredentials: named(json.allowCredentials) },
  };
  if (how.autofill) request.mediation = "conditional";
  if (how.signal) request.signal = how.signal;
  const credential = (await navigator.credentials.get(request)) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return fetchJson(answer, {
    method: "POST",
    json: {
      id: text(credential.rawId),
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : undefined,
    },
  });
}

export async function register(options: string, answer: string, label: string): Promise<{ to: string }> {
  const json = await fetchJson<CreationJson>(options, { method: "POST", json: {} });
  const credential = (await navigator.credentials.create({
    publicKey: {
      ...json,
      challenge: bytes(json.challenge),
      user: { ...json.user, id: bytes(json.user.id) },
      excludeCredentials: named(json.excludeCredentials),
    },
  })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return fetchJson(answer, {
    method: "POST",
    json: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject), label },
  });
}

// The person closed the browser's window, or it took too long: nothing to complain about.
export const calledOff = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
