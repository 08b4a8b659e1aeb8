package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Outbound messages of a flow: SOAP with up to a hundred records, each with its id and the fields that the administrator has chosen; no tags. Not signed: the
 * word in the address is checked, and whose organization it is where the settings say so.
 */
final class SalesforceWebhooks {

    private static final String OUTBOUND = "http://soap.sforce.com/2005/09/outbound";
    private static final String DOCTYPE = "http://apache.org/xml/features/disallow-doctype-decl";

    private SalesforceWebhooks() {}

    static List<Changed> read(Notice notice, SalesforceRecords records) {
        notice.requireSecret(records.secret().value());
        Document message = parsed(notice);
        String organization = records.organization();
        if (organization != null && !isOf(organization, message)) {
            throw CrmException.of(Kind.UNAUTHORIZED, "the notice is of another organization", null);
        }
        List<Changed> changed = new ArrayList<>();
        NodeList told = message.getElementsByTagNameNS(OUTBOUND, "sObject");
        for (int i = 0; i < told.getLength(); i++) {
            Element record = (Element) told.item(i);
            String type = record.getAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type");
            if (type.substring(type.indexOf(':') + 1).equals(records.object())) {
                SalesforceId.full(text(record, "Id").orElse(""))
                        .ifPresent(id -> changed.add(new Changed(
                                new Contact(id, text(record, records.lookUp()).orElse(null)), null, null)));
            }
        }
        return changed;
    }

    private static boolean isOf(String organization, Document message) {
        Node told = message.getElementsByTagNameNS(OUTBOUND, "OrganizationId").item(0);
        return told != null && SalesforceId.full(told.getTextContent().trim()).equals(SalesforceId.full(organization));
    }

    private static Optional<String> text(Element record, String field) {
        for (Node each = record.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (field.equals(each.getLocalName()) && !each.getTextContent().isBlank()) {
                return Optional.of(each.getTextContent().trim());
            }
        }
        return Optional.empty();
    }

    /** Without document types, a message can neither name files or hosts to read nor grow while it is read. */
    private static Document parsed(Notice notice) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(DOCTYPE, true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setNamespaceAware(true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder.parse(new ByteArrayInputStream(notice.body().getBytes()));
        } catch (SAXException e) {
            throw CrmException.of(Kind.INVALID, "the notice is no outbound message", null);
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("every Java platform reads XML", e);
        }
    }
}
