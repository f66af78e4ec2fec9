-- The two roles of the portal, in the database that one is connected to: run as a superuser, as often as one likes.
--
-- `rebond_proprietaire` owns the database and all that it holds, and migrates. `rebond_application` is what web,
-- worker and beat sign in as: neither superuser nor owner, it gets from each migration the rights on each table
-- (rebond.socle.bdd.droits), and nothing else. Passwords come from the settings rebond.mot_de_passe_proprietaire and
-- rebond.mot_de_passe_application of the session.
DO $$
DECLARE
    role record;
BEGIN
    FOR role IN
        SELECT 'rebond_' || nom AS nom, current_setting('rebond.mot_de_passe_' || nom) AS secret
          FROM unnest(ARRAY['proprietaire', 'application']) AS nom
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role.nom) THEN
            EXECUTE format('CREATE ROLE %I', role.nom);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L',
            role.nom, role.secret
        );
    END LOOP;
END $$;

-- Whatever either was made a member of, by hand or by an earlier version.
DO $$
DECLARE
    groupe name;
BEGIN
    FOR groupe IN
        SELECT DISTINCT roleid::regrole::name FROM pg_auth_members WHERE member = 'rebond_application'::regrole
    LOOP
        EXECUTE format('REVOKE %I FROM rebond_application', groupe);
    END LOOP;
END $$;

-- What an earlier version had made under the administrator's account changes hands; nothing is rewritten.
DO $$
DECLARE
    chose record;
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO rebond_proprietaire', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO rebond_application', current_database());
    ALTER SCHEMA public OWNER TO rebond_proprietaire;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO rebond_application;
    FOR chose IN
        SELECT 'TABLE' AS genre, c.oid::regclass::text AS nom
          FROM pg_class c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
           AND c.relowner <> 'rebond_proprietaire'::regrole
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'e', 'i'))
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text
          FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> 'rebond_proprietaire'::regrole
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO rebond_proprietaire', chose.genre, chose.nom);
    END LOOP;
END $$;

-- No program of anybody's but the owner's, and no large object: the portal has none, and they would fill the disk.
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO rebond_proprietaire;
DO $$
DECLARE
    fonction regprocedure;
BEGIN
    FOR fonction IN
        SELECT oid FROM pg_proc
         WHERE pronamespace = 'pg_catalog'::regnamespace
           AND (starts_with(proname, 'lo_') OR proname IN ('loread', 'lowrite'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', fonction);
    END LOOP;
END $$;
